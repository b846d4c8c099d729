#include "scope.h"

mr_status mr_call_with_region(mr_source source, const mr_borrow_options *options,
                              mr_region_function *function, void *context) {
  mr_scope_plan plan = mr_region_scope_plan(source, options, NULL);
  return mr_call_planned(&plan, function, context);
}

typedef struct view_call {
  mr_view_function *function;
  void *context;
} view_call;

static mr_status call_with_view_of(void *context, mr_region region) {
  const view_call *call = context;
  return call->function(call->context, mr_region_view(region));
}

mr_status mr_call_with_view(mr_source source, const mr_borrow_options *options,
                            mr_view_function *function, void *context) {
  mr_scope_plan plan = mr_view_scope_plan(source, options, NULL);
  return mr_call_planned(&plan, call_with_view_of, &(view_call){function, context});
}

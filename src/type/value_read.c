#include "real.h"
#include "value.h"

static bool is_float(mr_kind kind) {
  return (kind >= MR_KIND_F32 && kind <= MR_KIND_LONG_DOUBLE) || kind == MR_KIND_F80 ||
         kind == MR_KIND_F128;
}

mr_status mr_value_read_float(mr_view text, mr_kind kind, mr_value *out, size_t *used) {
  mr_scalar_octets octets = {{0}};
  mr_real real;
  if (!is_float(kind)) return MR_TYPE_MISMATCH;
  size_t length = text.size > 0 ? mr_real_read(text.pointer, text.size, &real) : 0;
  if (length == 0) return MR_SYNTAX_ERROR;
  mr_real_format format = mr_kind_format(kind);
  size_t size = mr_type_size(mr_scalar_type(kind, MR_NATIVE_ORDER));
  size_t padding = mr_machine_order() == MR_BIG_ENDIAN ? size - mr_real_size(format) : 0;
  if (!mr_real_pack(real, format, octets.octets + padding, NULL)) return MR_OVERFLOW;
  *used = length;
  return mr_value_decode(kind, octets.octets, out);
}

/* Must not compile. */
#include <memregions/generic.h>

mr_source source_of_pointer(int *numbers);

mr_source source_of_pointer(int *numbers) { return MR_ARRAY(numbers); }

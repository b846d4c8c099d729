#include "memregions/load.h"

extern inline bool mr_byte_order_is_swapped(mr_byte_order order);
extern inline uint16_t mr_swap_u16(uint16_t value);
extern inline uint32_t mr_swap_u32(uint32_t value);
extern inline uint64_t mr_swap_u64(uint64_t value);
extern inline uint16_t mr_peek_u16(const void *from, mr_byte_order order);
extern inline uint32_t mr_peek_u32(const void *from, mr_byte_order order);
extern inline uint64_t mr_peek_u64(const void *from, mr_byte_order order);
extern inline void mr_poke_u16(void *to, mr_byte_order order, uint16_t value);
extern inline void mr_poke_u32(void *to, mr_byte_order order, uint32_t value);
extern inline void mr_poke_u64(void *to, mr_byte_order order, uint64_t value);
extern inline const void *mr_octets_at(mr_view view, size_t offset, size_t size);
extern inline void *mr_octets_in(mr_region region, size_t offset, size_t size);
extern inline mr_status mr_load_u8(mr_view view, size_t offset, uint8_t *out);
extern inline mr_status mr_load_i8(mr_view view, size_t offset, int8_t *out);
extern inline mr_status mr_load_u16(mr_view view, size_t offset, mr_byte_order order,
                                    uint16_t *out);
extern inline mr_status mr_load_i16(mr_view view, size_t offset, mr_byte_order order, int16_t *out);
extern inline mr_status mr_load_u32(mr_view view, size_t offset, mr_byte_order order,
                                    uint32_t *out);
extern inline mr_status mr_load_i32(mr_view view, size_t offset, mr_byte_order order, int32_t *out);
extern inline mr_status mr_load_u64(mr_view view, size_t offset, mr_byte_order order,
                                    uint64_t *out);
extern inline mr_status mr_load_i64(mr_view view, size_t offset, mr_byte_order order, int64_t *out);
extern inline mr_status mr_load_f32(mr_view view, size_t offset, mr_byte_order order, float *out);
extern inline mr_status mr_load_f64(mr_view view, size_t offset, mr_byte_order order, double *out);
extern inline mr_status mr_store_u8(mr_region region, size_t offset, uint8_t value);
extern inline mr_status mr_store_i8(mr_region region, size_t offset, int8_t value);
extern inline mr_status mr_store_u16(mr_region region, size_t offset, mr_byte_order order,
                                     uint16_t value);
extern inline mr_status mr_store_i16(mr_region region, size_t offset, mr_byte_order order,
                                     int16_t value);
extern inline mr_status mr_store_u32(mr_region region, size_t offset, mr_byte_order order,
                                     uint32_t value);
extern inline mr_status mr_store_i32(mr_region region, size_t offset, mr_byte_order order,
                                     int32_t value);
extern inline mr_status mr_store_u64(mr_region region, size_t offset, mr_byte_order order,
                                     uint64_t value);
extern inline mr_status mr_store_i64(mr_region region, size_t offset, mr_byte_order order,
                                     int64_t value);
extern inline mr_status mr_store_f32(mr_region region, size_t offset, mr_byte_order order,
                                     float value);
extern inline mr_status mr_store_f64(mr_region region, size_t offset, mr_byte_order order,
                                     double value);

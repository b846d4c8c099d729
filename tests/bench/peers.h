#ifndef MEMREGIONS_BENCH_PEERS_H
#define MEMREGIONS_BENCH_PEERS_H

/*
 * Other allocators: what memregions' own are compared with.
 *
 * One repeat takes BENCH_BLOCKS blocks, keeps the address of each in bench_blocks, and gives all of them back: one by
 * one where that is the only way, else at once. Their memory is warm: it is the same in every batch. What is inline is
 * given sizes that the compiler knows, as it does of sizeof.
 *
 * Pools, ours and theirs, come BENCH_POOLS at a time and are used in turn. With only one, a loop of so few instructions
 * measures how fast the processor hands the pool's cursor from a store to the next load, and that is 0.6 or 2.2 ns for
 * the very same instructions, depending on where in a cache line they happen to lie.
 */

#include "bench.h"

enum { BENCH_BLOCKS = 1000, BENCH_POOLS = 8 };

extern void *bench_blocks[BENCH_BLOCKS];

extern const bench_subject allocator_peers[];

/** Makes a pool that a batch's share of blocks fits into, headers included. */
typedef void *bench_create(size_t octets);
typedef void bench_destroy(void *pool);

/** Makes the pools of a subject: job->state becomes an array of them. */
void bench_open_pools(bench_job *job, bench_create *create);
void bench_close_pools(bench_job *job, bench_destroy *destroy);

#endif

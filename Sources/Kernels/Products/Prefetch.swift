#if PREFETCHING
    /// LLVM's instruction to prefetch memory into the caches, by its own name: Swift has no
    /// equivalent that does not wait for the memory.
    @_silgen_name("llvm.prefetch.p0")
    private func prefetch(
        _ address: UnsafeRawPointer, _ write: Int32, _ locality: Int32, _ cache: Int32)
#endif

/// Requests the cache line at `address`; any address may be given.
@inline(__always)
func prefetch(_ address: UnsafeRawPointer) {
    #if PREFETCHING
        let (read, all, data): (Int32, Int32, Int32) = (0, 3, 1)
        prefetch(address, read, all, data)
    #endif
}

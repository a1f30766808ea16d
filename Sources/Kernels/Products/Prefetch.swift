#if PREFETCHING
    /// LLVM's instruction to fetch memory into the caches, under its own name: Swift has none, and
    /// no other that does not wait for the memory.
    @_silgen_name("llvm.prefetch.p0")
    private func prefetch(
        _ address: UnsafeRawPointer, _ write: Int32, _ locality: Int32, _ cache: Int32)
#endif

/// Asks for the line of memory at `address`; any address may be given.
@inline(__always)
func prefetch(_ address: UnsafeRawPointer) {
    #if PREFETCHING
        let (read, all, data): (Int32, Int32, Int32) = (0, 3, 1)
        prefetch(address, read, all, data)
    #endif
}

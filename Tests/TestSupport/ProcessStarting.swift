import Foundation

extension Process {
    private static let lock = NSLock()

    /// Runs the program; to be used in place of `run()`.
    ///
    /// Foundation goes through the list of open files, and at the last entry of a full block of them,
    /// 1,354 files, reads beyond the end of the block's memory. Exit tests leave so many pipes open. A
    /// block that is a mapping of its own has room at its end.
    public func start() throws {
        #if canImport(Glibc)
            Self.lock.lock()
            _ = setMemoryOption(leastMappedSize, 16 << 10)
            defer {
                // The greatest that the system itself would choose.
                _ = setMemoryOption(leastMappedSize, 32 << 20)
                Self.lock.unlock()
            }
        #endif
        try run()
    }
}

#if canImport(Glibc)
    /// M_MMAP_THRESHOLD of malloc.h, which the module of the C library leaves out.
    private let leastMappedSize: Int32 = -3

    @_silgen_name("mallopt")
    private func setMemoryOption(_ option: Int32, _ value: Int32) -> Int32
#endif

import KernelInterface

/// The memory behind a tensor: elements of one type in a row.
///
/// Sound to share between threads: it is written only by the operation that makes it, before
/// any other reference to it exists, or in place by the holder of its only reference.
final class Storage: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let count: Int
    let dataType: DataType
    private let origin: Origin

    private enum Origin {
        case pool(StoragePool.Block)
        /// Part of another storage, or memory that some other object keeps alive.
        case owned(by: AnyObject)
    }

    /// Uninitialised memory from the pool, aligned to 64 bytes.
    init(_ dataType: DataType, count: Int) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: dataType.size)
        guard !overflow, bytes <= StoragePool.mostBytes else {
            trap("Tensor", "\(count) elements of \(dataType) are more than memory can hold")
        }
        let block = StoragePool.shared.take(bytes: bytes)
        pointer = block.pointer
        self.count = count
        self.dataType = dataType
        origin = .pool(block)
    }

    /// Memory that `owner` keeps alive. It may be less aligned than the pool's, but to the size
    /// of an element.
    init(_ dataType: DataType, count: Int, at pointer: UnsafeMutableRawPointer, owner: AnyObject) {
        self.pointer = pointer
        self.count = count
        self.dataType = dataType
        origin = .owned(by: owner)
    }

    deinit {
        if case .pool(let block) = origin { StoragePool.shared.give(back: block) }
    }

    /// Whether the memory may be written when this object is referenced only once.
    var isOwn: Bool {
        if case .pool = origin { true } else { false }
    }

    func typed<Scalar>(_: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        pointer.assumingMemoryBound(to: Scalar.self)
    }
}

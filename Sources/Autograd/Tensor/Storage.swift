import KernelInterface
import Synchronization

/// The elements of a tensor, contiguous and of one type: memory, or an expression that becomes
/// memory when it is first read.
///
/// Sound to share between threads: memory is written only by the operation that creates it, before
/// any other reference to it exists, or in place by the holder of its only reference. If it comes
/// from an expression, its address is published atomically.
final class Storage: @unchecked Sendable {
    let count: Int
    let dataType: DataType
    private let address: Atomic<UnsafeMutableRawPointer?>
    private let origin: Origin

    private enum Origin {
        case pool(StoragePool.Block)
        /// Part of another storage, or memory that another object keeps alive.
        case owned(by: AnyObject)
        /// Computed when first read.
        case expression(Expression)
    }

    /// Uninitialised memory from the pool.
    init(_ dataType: DataType, count: Int) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: dataType.size)
        guard !overflow, bytes <= StoragePool.mostBytes else {
            trap("Tensor", "\(count) elements of \(dataType) are more than memory can hold")
        }
        let block = StoragePool.shared.take(bytes: bytes)
        address = Atomic(block.pointer)
        self.count = count
        self.dataType = dataType
        origin = .pool(block)
    }

    /// Memory that `owner` keeps alive. It may only be aligned to the size of an element, unlike
    /// the pool's.
    init(_ dataType: DataType, count: Int, at pointer: UnsafeMutableRawPointer, owner: AnyObject) {
        address = Atomic(pointer)
        self.count = count
        self.dataType = dataType
        origin = .owned(by: owner)
    }

    /// The result of an expression.
    init(_ expression: Expression) {
        address = Atomic(nil)
        count = expression.count
        dataType = expression.dataType
        origin = .expression(expression)
    }

    deinit {
        switch origin {
        case .pool(let block): StoragePool.shared.give(back: block)
        case .owned: break
        case .expression(let expression): expression.isWanted.store(false, ordering: .relaxed)
        }
    }

    /// The elements. An expression is evaluated here.
    @inline(__always)
    var pointer: UnsafeMutableRawPointer {
        address.load(ordering: .acquiring) ?? evaluate()
    }

    @inline(never)
    private func evaluate() -> UnsafeMutableRawPointer {
        guard let expression else { fatalError("storage without memory or expression") }
        let pointer = expression.evaluate().pointer
        address.store(pointer, ordering: .releasing)
        return pointer
    }

    /// The expression that computes the elements, even if they are computed already.
    var expression: Expression? {
        if case .expression(let expression) = origin { expression } else { nil }
    }

    /// Whether the memory may be written if this object is referenced only once.
    var isOwn: Bool {
        if case .pool = origin { true } else { false }
    }

    func typed<Scalar>(_: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        pointer.assumingMemoryBound(to: Scalar.self)
    }
}

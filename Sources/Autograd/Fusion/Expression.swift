import Foundation
import KernelInterface
import Synchronization

// Elementwise operations on large tensors are computed lazily. Their result is an expression, which
// is evaluated when the tensor's memory is first read: the operation and all pending ones before
// it, one block that fits the cache at a time. So a chain of operations costs one pass over memory,
// whoever composed it. Every element gets the same arithmetic as if each operation were computed
// alone.

/// What an elementwise operation computes.
enum ElementwiseFunction {
    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case compare(Comparison)
    /// Takes a mask, and the operands for where it is true and where it is false.
    case select
    /// Converts to the expression's data type.
    case convert
    /// Only repeats the operand.
    case broadcast
}

/// An elementwise operation that is computed when its result is needed.
///
/// Sound to share between threads: all mutable state is read and written under the one lock
/// `Expression.lock`, except for `isWanted`, which is atomic.
final class Expression: @unchecked Sendable {
    let function: ElementwiseFunction
    let dataType: DataType
    let count: Int
    /// The greatest number of operations that evaluation takes, including this one.
    let length: Int
    /// Whether a tensor refers to the result; otherwise it is only part of later expressions.
    let isWanted = Atomic<Bool>(true)

    fileprivate(set) var operands: [Operand]
    private(set) var state = State.open
    /// Whether the elements were computed once without being stored.
    private var wasSeen = false
    /// The expression's place in the plan that is being made.
    var mark: Int?

    enum Operand {
        case memory(Storage, Access)
        /// An expression with the same number of elements.
        case expression(Expression)
    }

    enum State {
        case open
        /// A thread is computing it.
        case running
        case done(Storage)
    }

    static let lock = NSLock()

    /// Results with fewer elements are computed at once: they stay in the first-level cache anyway,
    /// and keeping track of them would cost more than the arithmetic. The environment variable
    /// `TAPESTRY_FUSED_FROM` overrides the number, for tests of fusion on small tensors.
    static let fewestElements: Int = {
        let asked = ProcessInfo.processInfo.environment["TAPESTRY_FUSED_FROM"].flatMap { Int($0) }
        return max(1, asked ?? 1 << 14)
    }()

    /// Longer expressions are evaluated before they are used further: the intermediate results of a
    /// block have to fit the cache.
    static let greatestLength = 48

    private init(
        _ function: ElementwiseFunction, _ dataType: DataType, count: Int, length: Int,
        _ operands: [Operand]
    ) {
        self.function = function
        self.dataType = dataType
        self.count = count
        self.length = length
        self.operands = operands
    }

    /// An operation on tensors that broadcast to `shape`; nil if it should be computed at once.
    @inline(__always)
    static func deferring(
        _ function: ElementwiseFunction, _ dataType: DataType, _ shape: [Int], count: Int,
        _ operands: () -> [Tensor]
    ) -> Tensor? {
        guard count >= fewestElements else { return nil }
        return make(function, dataType, shape, count, operands())
    }

    @inline(never)
    private static func make(
        _ function: ElementwiseFunction, _ dataType: DataType, _ shape: [Int], _ count: Int,
        _ tensors: [Tensor]
    ) -> Tensor? {
        var accesses: [Access] = []
        for tensor in tensors {
            guard let access = Access(tensor.shape, to: shape) else { return nil }
            accesses.append(access)
            // A repeated operand is read in its own order, and so from memory.
            if access != .full { _ = tensor.storage.pointer }
        }
        var length = 1 + lock.withLock { tensors.reduce(0) { $0 + $1.storage.openLength } }
        if length > greatestLength {
            for tensor in tensors { _ = tensor.storage.pointer }
            length = 1
        }
        let operands = lock.withLock {
            zip(tensors, accesses).map { tensor, access -> Operand in
                tensor.storage.operand(access)
            }
        }
        let expression = Expression(function, dataType, count: count, length: length, operands)
        return Tensor(Storage(expression), shape)
    }

    /// Computes the result, or waits for the thread that computes it.
    func evaluate() -> Storage {
        while true {
            var plan: FusedLoop?
            let result: Storage? = Self.lock.withLock {
                if case .done(let storage) = state { return storage }
                if case .open = state { plan = FusedLoop(computing: self) }
                return nil
            }
            if let result { return result }
            if var plan {
                plan.run()
                Self.lock.withLock { plan.publish() }
            } else {
                // Another thread is computing it.
                sched_yield()
            }
        }
    }

    /// Passes the elements on piece by piece, on several threads, without storing them: what a
    /// reduction needs. False if they are or will be in memory anyway, and if this was called
    /// before, so that they are not computed again and again.
    func seeInPieces(
        of grain: Int, _ body: (_ range: Range<Int>, _ piece: UnsafeRawPointer) -> Void
    ) -> Bool {
        var plan: FusedLoop?
        Self.lock.withLock {
            guard case .open = state, !wasSeen else { return }
            wasSeen = true
            plan = FusedLoop(computing: self, inPieces: true)
        }
        guard var plan else { return false }
        plan.run(grain: grain, body)
        Self.lock.withLock { plan.publish() }
        return true
    }

    // Called by the plan, which holds the lock.

    /// Marks the expression as being computed, and releases the operands.
    func start() {
        state = .running
        operands = []
    }

    func finish(_ result: Storage) { state = .done(result) }
}

extension Storage {
    /// The number of pending operations, 0 if the result is in memory. Needs the lock.
    fileprivate var openLength: Int {
        guard let expression, case .open = expression.state else { return 0 }
        return expression.length
    }

    /// Needs the lock.
    fileprivate func operand(_ access: Access) -> Expression.Operand {
        guard let expression else { return .memory(self, access) }
        if case .done(let storage) = expression.state { return .memory(storage, access) }
        return .expression(expression)
    }
}

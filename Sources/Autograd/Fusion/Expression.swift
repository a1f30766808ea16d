import Foundation
import KernelInterface
import Synchronization

// Elementwise operations on large tensors are not computed at once. Their result is an
// expression, which is evaluated when somebody reads the tensor's memory: the operation, and all
// those before it that are still open, a block that fits the cache at a time. A chain of
// operations, whoever composed it, so costs one pass over memory. Every element gets the same
// arithmetic as if each operation were computed alone.

/// What an elementwise operation does.
enum ElementwiseFunction {
    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case compare(Comparison)
    /// A mask, and what is taken where it is true and where it is not.
    case select
    /// To the expression's data type.
    case convert
    /// Nothing: the operand, repeated.
    case broadcast
}

/// An elementwise operation that is computed when its result is needed.
///
/// Sound to share between threads: everything that changes is read and written under the one
/// lock `Expression.lock`, but for `isWanted`, which is atomic.
final class Expression: @unchecked Sendable {
    let function: ElementwiseFunction
    let dataType: DataType
    let count: Int
    /// The operations that evaluation takes at most, this one among them.
    let length: Int
    /// Whether a tensor refers to the result; otherwise it is only part of later expressions.
    let isWanted = Atomic<Bool>(true)

    fileprivate(set) var operands: [Operand]
    private(set) var state = State.open
    /// Whether the elements were computed once without being kept.
    private var wasSeen = false
    /// Where the plan that is being made has the expression.
    var mark: Int?

    enum Operand {
        case memory(Storage, Access)
        /// An expression of as many elements.
        case expression(Expression)
    }

    enum State {
        case open
        /// Some thread is computing it.
        case running
        case done(Storage)
    }

    static let lock = NSLock()

    /// Results of fewer elements are computed at once: they stay in the nearest cache anyway,
    /// and keeping track of them would cost more than the arithmetic. The environment variable
    /// `TAPESTRY_FUSED_FROM` says another number, for tests of fusion on small tensors.
    static let fewestElements: Int = {
        let asked = ProcessInfo.processInfo.environment["TAPESTRY_FUSED_FROM"].flatMap { Int($0) }
        return max(1, asked ?? 1 << 14)
    }()

    /// Longer expressions are evaluated before they are used further: a block's intermediate
    /// results have to fit the cache.
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

    /// An operation on tensors that broadcast to `shape`; nil where it should be computed at
    /// once.
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
            // What is repeated is read by a walk of its own, and so from memory.
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

    /// Computes the result, or waits for the thread that does.
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
                // Another thread computes it.
                sched_yield()
            }
        }
    }

    /// Shows the elements piece by piece, on several threads, without keeping them: what a
    /// reduction needs. False where they are or will be in memory anyway; and where this has
    /// been asked before, so that they are not computed again and again.
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

    // For the plan, which holds the lock.

    /// Marks the expression as being computed, and lets go of the operands.
    func start() {
        state = .running
        operands = []
    }

    func finish(_ result: Storage) { state = .done(result) }
}

extension Storage {
    /// The operations that are open, 0 for memory. Needs the lock.
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

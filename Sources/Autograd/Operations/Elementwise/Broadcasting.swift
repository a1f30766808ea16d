import KernelInterface

/// The number of elements in a block of parallel work of an elementwise operation.
let elementwiseGrain = 1 << 15

/// Calls `body` for the pieces of an elementwise operation on up to three operands that broadcast
/// to `shape`: where a piece starts in the result and in each operand, each operand's stride (0 or
/// 1), and how many elements there are.
///
/// For few elements no loop is planned, as that would take longer than the elements themselves.
func forEachPiece(
    of shape: [Int], _ first: [Int], _ second: [Int], _ third: [Int] = [],
    _ body: (
        _ position: Int, _ starts: (Int, Int, Int), _ strides: (Int, Int, Int), _ count: Int
    ) -> Void
) {
    let count = Shape.count(shape)
    /// The stride of an operand that advances evenly.
    func stride(_ operand: [Int]) -> Int? {
        operand == shape ? 1 : operand.isEmpty ? 0 : nil
    }
    if count <= elementwiseGrain, let a = stride(first), let b = stride(second),
        let c = stride(third)
    {
        return body(0, (0, 0, 0), (a, b, c), count)
    }
    guard count <= elementwiseGrain, let a = Access(first, to: shape),
        let b = Access(second, to: shape), let c = Access(third, to: shape)
    else {
        BroadcastLoop(shape, [first, second, third]).run { position, starts, strides, count in
            body(
                position, (starts[0], starts[1], starts[2]),
                (strides[0], strides[1], strides[2]), count)
        }
        return
    }
    var position = 0
    while position < count {
        let pieces = (a.piece(from: position), b.piece(from: position), c.piece(from: position))
        let length = min(
            count - position, min(pieces.0.count, pieces.1.count, pieces.2.count))
        body(
            position,
            (a.element(at: position), b.element(at: position), c.element(at: position)),
            (pieces.0.stride, pieces.1.stride, pieces.2.stride), length)
        position += length
    }
}

/// The loop of an elementwise operation over operands that broadcast: neighbouring axes along which
/// every operand advances evenly are merged, and the last one becomes the kernel's loop.
private struct BroadcastLoop {
    /// The number of elements in the kernel's loop, and each operand's stride in it (0 or 1).
    private var inner = 1
    private var innerStrides: [Int]
    /// The outer axes, slowest first, with the operands' strides.
    private var outer: [(size: Int, strides: [Int])] = []

    init(_ shape: [Int], _ operands: [[Int]]) {
        let strides = operands.map { Shape.broadcastStrides($0, to: shape) }
        var axes: [(size: Int, strides: [Int])] = []
        for axis in shape.indices where shape[axis] != 1 {
            let own = strides.map { $0[axis] }
            if let last = axes.last,
                zip(last.strides, own).allSatisfy({ $0 == $1 * shape[axis] })
            {
                axes[axes.count - 1] = (last.size * shape[axis], own)
            } else {
                axes.append((shape[axis], own))
            }
        }
        if let last = axes.last, last.strides.allSatisfy({ $0 <= 1 }) {
            inner = last.size
            innerStrides = last.strides
            outer = Array(axes.dropLast())
        } else {
            innerStrides = operands.map { _ in 0 }
            outer = axes
        }
    }

    /// Calls `body` for every run of the kernel: where it starts in the output and in each operand,
    /// the operands' strides, and the number of elements. Runs on the threads of the pool.
    func run(
        _ body: (_ output: Int, _ starts: [Int], _ strides: [Int], _ count: Int) -> Void
    ) {
        let rows = outer.reduce(1) { $0 * $1.size }
        guard rows * inner > 0 else { return }
        let piece = min(inner, elementwiseGrain)
        let pieces = (inner + piece - 1) / piece
        inParallel(rows * pieces, grain: max(1, elementwiseGrain / piece)) { range in
            var starts = innerStrides
            for index in range {
                let (row, part) = (index / pieces, index % pieces)
                let offset = part * piece
                for operand in starts.indices { starts[operand] = offset * innerStrides[operand] }
                var rest = row
                for axis in outer.reversed() {
                    let position = rest % axis.size
                    rest /= axis.size
                    for operand in starts.indices {
                        starts[operand] += position * axis.strides[operand]
                    }
                }
                body(row * inner + offset, starts, innerStrides, min(piece, inner - offset))
            }
        }
    }
}

/// Sums a cotangent over the axes along which an operand of `shape` was repeated. All broadcasting
/// is undone here.
func unbroadcast(_ cotangent: Tensor, to shape: [Int]) -> Tensor {
    if cotangent.shape == shape { return cotangent }
    if cotangent.count == Shape.count(shape) { return cotangent.reshaped(shape) }
    let offset = cotangent.rank - shape.count
    let axes = cotangent.shape.indices.filter {
        $0 < offset || (shape[$0 - offset] == 1 && cotangent.shape[$0] != 1)
    }
    return cotangent.sum(axes: axes, keepingAxes: true).reshaped(shape)
}

/// The same for each of so many samples, which have equally many parts along the cotangent's first
/// axis; along that the operand was repeated. Of shape `[samples] + shape`.
func unbroadcast(_ cotangent: Tensor, to shape: [Int], samples: Int) -> Tensor {
    let rows = [samples, cotangent.shape[0] / samples]
    let padding = [Int](repeating: 1, count: cotangent.rank + 1 - shape.count)
    let target = [samples] + padding.dropFirst() + shape
    return unbroadcast(cotangent.reshaped(rows + cotangent.shape.dropFirst()), to: target)
        .reshaped([samples] + shape)
}

extension Tensor {
    /// The tensor repeated along axes of size 1, and along new leading axes, to a shape that it
    /// broadcasts to.
    public func broadcast(to shape: [Int]) -> Tensor {
        guard self.shape != shape else { return self }
        let count = Shape.count(shape, in: "broadcast")
        guard Shape.broadcast(self.shape, shape, in: "broadcast") == shape else {
            trap("broadcast", "shape \(self.shape) does not broadcast to \(shape)")
        }
        return differentiable("broadcast", self) { x in
            if let result = Expression.deferring(
                .broadcast, x.dataType, shape, count: count, { [x] })
            {
                return result
            }
            return stridedCopy(
                of: x, shape: shape, strides: Shape.broadcastStrides(x.shape, to: shape))
        } pullback: { x, _ -> Pullback in
            .broadcast({ $0 }, to: x.shape)
        }
    }
}

/// Tensors, broadcast to one shape. Traps if their shapes do not broadcast.
package func broadcastTogether(_ tensors: [Tensor], of operation: StaticString) -> [Tensor] {
    let shape = tensors.reduce([]) { Shape.broadcast($0, $1.shape, in: operation) }
    return tensors.map { $0.broadcast(to: shape) }
}

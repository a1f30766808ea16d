import KernelInterface

/// eˣ divided by its sum along an axis: positive, with sum 1. Finite for every finite x; elements
/// of +∞ share the whole sum equally, and if all elements are −∞ the result is NaN.
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    alongLastAxis(x, axis, "softmax") { x in
        differentiable("softmax", x) { x in
            softmaxRows(x, isLogarithmic: false, "softmax")
        } pullback: { _, y in
            .rowwise(if: y.rank > 1) { cotangent in
                guard y.isWatched || cotangent.isWatched else {
                    return softmaxRowsPullback(y, cotangent, isLogarithmic: false)
                }
                return y * (cotangent - (cotangent * y).sum(axes: [-1], keepingAxes: true))
            }
        } pushforward: { _, y, tangent in
            y * (tangent - (tangent * y).sum(axes: [-1], keepingAxes: true))
        }
    }
}

/// The logarithm of the softmax, finite where the differences of the elements are; for elements of
/// ±∞, the logarithm of the result of ``softmax(_:axis:)``.
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    alongLastAxis(x, axis, "logSoftmax") { x in
        differentiable("logSoftmax", x) { x in
            softmaxRows(x, isLogarithmic: true, "logSoftmax")
        } pullback: { _, y in
            .rowwise(if: y.rank > 1) { cotangent in
                guard y.isWatched || cotangent.isWatched else {
                    return softmaxRowsPullback(y, cotangent, isLogarithmic: true)
                }
                return cotangent - exp(y) * cotangent.sum(axes: [-1], keepingAxes: true)
            }
        } pushforward: { _, y, tangent in
            tangent - (exp(y) * tangent).sum(axes: [-1], keepingAxes: true)
        }
    }
}

/// Applies an operation on rows to a tensor whose rows lie along `axis`.
private func alongLastAxis(
    _ x: Tensor, _ axis: Int, _ operation: StaticString, _ body: (Tensor) -> Tensor
) -> Tensor {
    let axis = Shape.normalize(axis: axis, rank: x.rank, in: operation)
    guard axis < x.rank - 1 else { return body(x) }
    return body(x.swappingAxes(axis, -1)).swappingAxes(axis, -1)
}

private func softmaxRows(
    _ x: Tensor, isLogarithmic: Bool, _ operation: StaticString
) -> Tensor {
    x.checkFloatingPoint(operation)
    let type = x.dataType
    return Tensor(type, x.shape) { output in
        forRowBlocks(of: x) { rows, count, offset in
            kernels.softmaxRows(
                type, isLogarithmic, x.storage.pointer + offset, rows.count, count,
                output.pointer + offset)
        }
    }
}

private func softmaxRowsPullback(
    _ y: Tensor, _ cotangent: Tensor, isLogarithmic: Bool
) -> Tensor {
    let type = y.dataType
    return Tensor(type, y.shape) { output in
        forRowBlocks(of: y) { rows, count, offset in
            kernels.softmaxRowsPullback(
                type, isLogarithmic, y.storage.pointer + offset,
                cotangent.storage.pointer + offset, rows.count, count, output.pointer + offset)
        }
    }
}

/// Calls `body` for blocks of a tensor's rows, in parallel: which rows, how long they are, and how
/// many bytes precede them.
func forRowBlocks(
    of x: Tensor, _ body: (_ rows: Range<Int>, _ count: Int, _ offset: Int) -> Void
) {
    guard x.count > 0, let count = x.shape.last else { return }
    inParallel(x.count / count, grain: max(1, elementwiseGrain / count)) { rows in
        body(rows, count, rows.lowerBound * count * x.dataType.size)
    }
}

import KernelInterface

extension Tensor {
    /// The greatest element along an axis up to each position, of which the last of equal ones has
    /// the derivative. Not-a-number once there is one.
    public func cumulativeMaximum(axis: Int = -1) -> Tensor {
        checkFloatingPoint("cumulativeMaximum")
        let axis = Shape.normalize(axis: axis, rank: rank, in: "cumulativeMaximum")
        return gatheredAlong(axis: axis, at: stopGradient(self).positionsOfMaxima(axis))
    }

    /// log Σ eˣ along an axis over all elements up to each position, without overflow.
    public func cumulativeLogSumExp(axis: Int = -1) -> Tensor {
        checkFloatingPoint("cumulativeLogSumExp")
        let axis = Shape.normalize(axis: axis, rank: rank, in: "cumulativeLogSumExp")
        // From the first element on, so that no result depends on what comes later.
        let start = stopGradient(self).sliced(axis: axis, 0..<Swift.min(1, shape[axis]))
        let isNear = abs(stopGradient(self) - start) .< dataType.greatestSpread
        if isNear.all().scalar == 1 {
            return log(exp(self - start).cumulativeSum(axis: axis)) + start
        }
        // Sums of elements far below or above the first would vanish or overflow.
        return scanned(axis) { stacked([$0, $1]).logSumExp(axes: [0]) }
    }

    /// For each position along an axis that of the greatest element up to there, the last of equal
    /// ones; of not-a-number if there is one.
    private func positionsOfMaxima(_ axis: Int) -> Tensor {
        let (outer, length) = (shape[..<axis].reduce(1, *), shape[axis])
        let inner = shape[(axis + 1)...].reduce(1, *)
        guard length <= Int(Int32.max) else {
            trap("cumulativeMaximum", "axis \(axis) of shape \(shape) is too long for int32")
        }
        // Sound to compare as `float32` whatever is narrower.
        let x = dataType == .float64 ? self : cast(to: .float32)
        return Tensor(.int32, shape) { output in
            guard output.count > 0 else { return }
            let size = length * inner
            inParallel(outer, grain: Swift.max(1, elementwiseGrain / size)) { range in
                for row in range {
                    let target = output.typed(Int32.self) + row * size
                    if x.dataType == .float64 {
                        findMaxima(x.storage.typed(Double.self) + row * size, length, inner, target)
                    } else {
                        findMaxima(x.storage.typed(Float.self) + row * size, length, inner, target)
                    }
                }
            }
        }
    }

    /// Combines each element with all before it, by an associative operation: with the one before,
    /// then of that with the two before these, four, and so on (Hillis and Steele, "Data parallel
    /// algorithms", 1986).
    private func scanned(_ axis: Int, _ combine: (Tensor, Tensor) -> Tensor) -> Tensor {
        var (result, distance) = (self, 1)
        while distance < shape[axis] {
            let rest = shape[axis] - distance
            let later = combine(
                result.sliced(axis: axis, 0..<rest),
                result.sliced(axis: axis, distance..<shape[axis]))
            result = concatenated([result.sliced(axis: axis, 0..<distance), later], axis: axis)
            distance *= 2
        }
        return result
    }
}

extension DataType {
    /// How far apart numbers may lie so that eˣ of their difference keeps all digits, and products
    /// of three of its reciprocals, as in derivatives, are finite; 0 where no distance will do.
    fileprivate var greatestSpread: Double {
        switch self {
        case .float64: 200
        case .float32: 28
        default: 0
        }
    }
}

/// Fills `positions`, `[length, inner]`, with those of the greatest elements up to each row.
@inline(__always)
private func findMaxima<Element: BinaryFloatingPoint>(
    _ elements: UnsafePointer<Element>, _ length: Int, _ inner: Int,
    _ positions: UnsafeMutablePointer<Int32>
) {
    for column in 0..<inner { positions[column] = 0 }
    guard inner > 1 else {
        var (best, greatest) = (Int32(0), elements[0])
        for row in 1..<Swift.max(1, length) {
            let element = elements[row]
            let isGreatest = element >= greatest || element.isNaN
            best = isGreatest ? Int32(truncatingIfNeeded: row) : best
            greatest = isGreatest ? element : greatest
            positions[row] = best
        }
        return
    }
    for row in 1..<Swift.max(1, length) {
        let (current, before) = (row * inner, (row - 1) * inner)
        for column in 0..<inner {
            let best = positions[before + column]
            let element = elements[current + column]
            let isGreatest =
                element >= elements[Int(best) * inner + column] || element.isNaN
            positions[current + column] = isGreatest ? Int32(truncatingIfNeeded: row) : best
        }
    }
}

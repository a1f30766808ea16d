import KernelInterface

extension Kernels {
    public static func extremumPositions(
        _ type: DataType, _ isGreatest: Bool, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ output: UnsafeMutablePointer<Int32>
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                output[row] = Int32(
                    extremumPosition(V.self, isGreatest, input + row * count, count))
            }
        }
        switch type {
        case .float32: run(FloatVector.self)
        case .float64: run(DoubleVector.self)
        default:
            let input = input.assumingMemoryBound(to: Int32.self)
            for row in 0..<rows {
                let row = (elements: input + row * count, output: output + row)
                var best = 0
                for i in 1..<max(count, 1) {
                    let (new, old) = (row.elements[i], row.elements[best])
                    if isGreatest ? new > old : new < old { best = i }
                }
                row.output.pointee = Int32(best)
            }
        }
    }
}

/// Every lane finds the first extremum of its own elements; then the lanes are compared.
@inline(__always)
private func extremumPosition<V: Vector>(
    _: V.Type, _ isGreatest: Bool, _ input: UnsafePointer<V.Element>, _ count: Int
) -> Int {
    /// Whether the new one of two elements replaces the old one.
    @inline(__always)
    func precedes(_ new: V.Element, _ old: V.Element) -> Bool {
        (isGreatest ? old < new : new < old) || (new != new && old == old)
    }

    var (best, start) = (input[0], 0)
    var position = 0
    // Positions must be exact in this type.
    if count >= 2 * V.lanes, count <= 1 << 24 {
        var extrema = V(at: input)
        // The vector that an extremum came from: an integer, exact in the elements' type.
        var origins = V(repeating: 0)
        var vector = V(repeating: 0)
        start = V.lanes
        while start + V.lanes <= count {
            vector = vector + V(repeating: 1)
            let new = V(at: input + start)
            let isBeyond = isGreatest ? extrema .< new : new .< extrema
            // NaN stays: nothing exceeds it, nor does it differ from another NaN.
            let isFirstNaN = V.not(V.either(V.not(new.isNaN), extrema.isNaN))
            let mask = V.either(isBeyond, isFirstNaN)
            extrema = extrema.replacing(with: new, where: mask)
            origins = origins.replacing(with: vector, where: mask)
            start += V.lanes
        }
        best = extrema[0]
        position = origins[0].integer * V.lanes
        for lane in 1..<V.lanes {
            let candidate = origins[lane].integer * V.lanes + lane
            let isEqual =
                extrema[lane] == best || (extrema[lane] != extrema[lane] && best != best)
            if precedes(extrema[lane], best) || (isEqual && candidate < position) {
                (best, position) = (extrema[lane], candidate)
            }
        }
    }
    for i in start..<count where precedes(input[i], best) {
        (best, position) = (input[i], i)
    }
    return position
}

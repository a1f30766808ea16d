import KernelInterface

extension Tensor {
    /// The different elements, ascending, not-a-number last and once; how often each stands in the
    /// tensor; and for each element of the tensor the position of its equal among them, of the
    /// tensor's shape. Counts and positions are `int32`. Has no derivative.
    public func unique() -> (values: Tensor, counts: Tensor, positions: Tensor) {
        notDifferentiable("unique", self)
        let flat = reshaped([count])
        let order = flat.sortedIndices()
        let sorted = flat.gathered(at: order)
        guard count > 0 else {
            let none = Tensor([] as [Int32])
            return (flat, none, none.reshaped(shape))
        }
        let (before, after) = (sorted[0..<count - 1], sorted[1..<count])
        let isNew = (after .!= before) .& .!(after.isNaN .& before.isNaN)
        let steps = concatenated([Tensor([0] as [Int32]), isNew.cast(to: .int32)])
        let numbers = steps.cumulativeSum()
        let size = Int(numbers[count - 1].scalar) + 1  // Sound: a position.
        let starts = concatenated([Tensor([true]), isNew])
        let counts = Tensor.ones([count], dataType: .int32).scatterAdded(at: numbers, size: size)
        return (
            sorted.gathered(where: starts), counts,
            numbers.scatterAdded(at: order, size: count).reshaped(shape)
        )
    }

    /// How many elements lie in each of some equal parts of a range, as `int32`: an element between
    /// two parts lies in the upper one, the last part has its upper end as well. What lies outside,
    /// and not-a-number, is not counted. Has no derivative.
    public func histogram(parts: Int, in range: ClosedRange<Double>) -> Tensor {
        notDifferentiable("histogram", self)
        let (lower, upper) = (range.lowerBound, range.upperBound)
        let width = upper - lower
        guard parts > 0, width > 0, width.isFinite else {
            trap("histogram", "\(parts) parts of \(range)")
        }
        let starts = (0..<parts).map { lower + width * Double($0) / Double(parts) }
        let source = storage.pointer
        // Each piece has counts of its own, a small part of its work.
        let length = Swift.max(1 << 16, 8 * parts)
        let pieces = (count + length - 1) / length
        let counts = Tensor(.int32, [pieces, parts]) { output in
            inParallel(pieces, grain: 1) { range in
                let block = Storage(.float64, count: 1 << 10)
                let values = block.typed(Double.self)
                for piece in range {
                    let counts = output.typed(Int32.self) + piece * parts
                    counts.initialize(repeating: 0, count: parts)
                    let end = Swift.min(count, (piece + 1) * length)
                    for start in stride(from: piece * length, to: end, by: block.count) {
                        let size = Swift.min(block.count, end - start)
                        kernels.convert(
                            dataType, .float64, source + start * dataType.size, values, size)
                        for index in 0..<size {
                            let value = values[index]
                            guard value >= lower, value <= upper else { continue }
                            // Sound: from 0 to the number of parts; rounding may miss by one.
                            var part = Int((value - lower) / width * Double(parts))
                            part = Swift.min(part, parts - 1)
                            if value < starts[part] {
                                part -= 1
                            } else if part + 1 < parts, value >= starts[part + 1] {
                                part += 1
                            }
                            counts[part] &+= 1
                        }
                    }
                }
            }
        }
        return counts.sum(axes: [0])
    }

    /// For each of some values the position in this vector, which is ascending with not-a-number
    /// last, where it would have to stand: before its equals, or after them; `int32`, of the values'
    /// shape. Has no derivative.
    public func searchSorted(_ values: Tensor, afterEquals: Bool = false) -> Tensor {
        notDifferentiable("searchSorted", self)
        notDifferentiable("searchSorted", values)
        guard rank == 1, count <= Int(Int32.max) else {
            trap("searchSorted", "a vector to search in of shape \(shape)")
        }
        let sorted = cast(to: .float64).storage
        let wanted = values.cast(to: .float64).storage
        return Tensor(.int32, values.shape) { output in
            let positions = output.typed(Int32.self)
            let (elements, values) = (sorted.typed(Double.self), wanted.typed(Double.self))
            var numbers = sorted.count
            while numbers > 0, elements[numbers - 1].isNaN { numbers -= 1 }
            inParallel(wanted.count, grain: 1 << 10) { range in
                // Eight at a time, so that one need not wait for the elements of another. All are
                // halved alike, without a branch that depends on elements: none could be predicted.
                for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                    let count = Swift.min(8, range.upperBound - first)
                    var value = SIMD8<Double>()
                    for lane in 0..<count { value[lane] = values[first + lane] }
                    var (low, rest) = (SIMD8<Int64>(), numbers)
                    while rest > 0 {
                        let half = (rest + 1) / 2
                        let middle = elements + half - 1
                        let element = SIMD8(
                            middle[Int(low[0])], middle[Int(low[1])], middle[Int(low[2])],
                            middle[Int(low[3])], middle[Int(low[4])], middle[Int(low[5])],
                            middle[Int(low[6])], middle[Int(low[7])])
                        let isBefore = afterEquals ? element .<= value : element .< value
                        low.replace(with: low &+ Int64(half), where: isBefore)
                        rest -= half
                    }
                    for lane in 0..<count {
                        // Sound: no more than fit, as above.
                        positions[first + lane] = Int32(
                            !value[lane].isNaN
                                ? Int(low[lane]) : afterEquals ? sorted.count : numbers)
                    }
                }
            }
        }
    }
}

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

    /// How many elements lie in each of some equal parts of a range, as `int32`: the last part has
    /// its upper end as well. What lies outside, and not-a-number, is not counted. Has no
    /// derivative.
    public func histogram(parts: Int, in range: ClosedRange<Double>) -> Tensor {
        notDifferentiable("histogram", self)
        guard parts > 0, range.lowerBound < range.upperBound,
            (range.upperBound - range.lowerBound).isFinite
        else {
            trap("histogram", "\(parts) parts of \(range)")
        }
        let values = reshaped([count]).cast(to: .float64)
        let inside = values.gathered(
            where: (values .>= range.lowerBound) .& (values .<= range.upperBound))
        let scale = Double(parts) / (range.upperBound - range.lowerBound)
        let places = minimum(floor((inside - range.lowerBound) * scale), Double(parts - 1))
        return Tensor.ones([inside.count], dataType: .int32)
            .scatterAdded(at: places.cast(to: .int32), size: parts)
    }

    /// For each of some values the position in this vector, which is ascending, where it would have
    /// to stand: before its equals, or after them; `int32`, of the values' shape. Has no
    /// derivative.
    public func searchSorted(_ values: Tensor, afterEquals: Bool = false) -> Tensor {
        notDifferentiable("searchSorted", self)
        notDifferentiable("searchSorted", values)
        guard rank == 1, count <= Int(Int32.max) else {
            trap("searchSorted", "a vector to search in of shape \(shape)")
        }
        let sorted = cast(to: .float64).elements(as: Double.self)
        let wanted = values.cast(to: .float64).elements(as: Double.self)
        return Tensor(.int32, values.shape) { output in
            let positions = output.typed(Int32.self)
            inParallel(wanted.count, grain: 1 << 10) { range in
                for index in range {
                    let value = wanted[index]
                    var (low, high) = (0, sorted.count)
                    while low < high {
                        let middle = (low + high) / 2
                        let isBefore =
                            afterEquals ? !(sorted[middle] > value) : sorted[middle] < value
                        if isBefore { low = middle + 1 } else { high = middle }
                    }
                    positions[index] = Int32(low)
                }
            }
        }
    }
}

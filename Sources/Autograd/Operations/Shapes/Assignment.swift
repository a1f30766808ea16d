import KernelInterface

extension Tensor {
    /// Takes on values where indices select. Of positions that are selected twice the last counts.
    mutating func assign(_ value: Tensor, to selections: [AxisSelection]) {
        guard value.dataType == dataType else {
            trap("subscript", "data types differ: \(dataType) and \(value.dataType)")
        }
        guard count <= Int(Int32.max) else {
            trap("subscript", "shape \(shape) has too many elements to assign to some")
        }
        var places = places(of: selections)
        var values = value.broadcast(to: places.shape).reshaped([places.count])
        places = places.reshaped([places.count])
        guard places.count > 0 else { return }
        if selections.contains(where: \.repeats),
            let last = places.lastOfEqualElements(below: count)
        {
            places = places.gathered(at: last)
            values = values.gathered(at: last)
        }
        self = replacing(at: places, with: values)
    }

    /// The positions in memory of what some indices select, as `int32`: each index by itself moves
    /// by some distances, and their sums are the positions.
    private func places(of selections: [AxisSelection]) -> Tensor {
        var (places, axis) = (Tensor.zeros([], dataType: .int32), 0)
        let selections = expanded(selections)
        let covered = selections.reduce(0) { $0 + $1.axisCount }
        let whole = Array(
            repeating: AxisSelection.range(0, nil), count: Swift.max(0, rank - covered))
        for selection in selections + whole {
            let end = axis + selection.axisCount
            let (sizes, inner) = (Array(shape[axis..<end]), shape[end...].reduce(1, *))
            // Sound: below the number of elements.
            let distances = Tensor((0..<sizes.reduce(1, *)).map { Int32($0 * inner) }, shape: sizes)
                .selected([selection], of: self)
            let ones = Array(repeating: 1, count: distances.rank)
            places = places.reshaped(places.shape + ones) + distances
            axis = end
        }
        return places
    }

    /// With other elements at some different positions in memory.
    private func replacing(at places: Tensor, with values: Tensor) -> Tensor {
        differentiable("subscript", self, values) { x, values in
            let positions = places.storage.typed(Int32.self)
            return Tensor(x.dataType, x.shape) { output in
                output.pointer.copyMemory(
                    from: x.storage.pointer, byteCount: x.count * x.dataType.size)
                func put<Unit>(_: Unit.Type) {
                    let (source, target) = (
                        values.storage.typed(Unit.self), output.typed(Unit.self)
                    )
                    for index in 0..<places.count { target[Int(positions[index])] = source[index] }
                }
                switch x.dataType.size {
                case 1: put(UInt8.self)
                case 2: put(UInt16.self)
                case 4: put(UInt32.self)
                default: put(UInt64.self)
                }
            }
        } left: { _, values, _ in
            let zeros = Tensor.zeros(values.shape, dataType: values.dataType)
            return { $0.replacing(at: places, with: zeros) }
        } right: { _, _, _ in
            { $0.reshaped([-1]).gathered(at: places) }
        }
    }

    /// For a vector of positions below a bound, where those stand that no later one equals; nil if
    /// all do.
    private func lastOfEqualElements(below bound: Int) -> Tensor? {
        let positions = elements(as: Int32.self)
        var last = [Int](repeating: 0, count: bound)
        for (index, position) in positions.enumerated() { last[Int(position)] = index }
        let kept = positions.indices.filter { last[Int(positions[$0])] == $0 }
        // Sound: below the number of elements of a tensor, which is checked.
        return kept.count == positions.count ? nil : Tensor(kept.map { Int32($0) })
    }
}

extension AxisSelection {
    /// How many axes it is about.
    fileprivate var axisCount: Int {
        switch self {
        case .newAxis, .ellipsis: 0
        case .mask(let mask): mask.rank
        case .position, .range, .positions, .steps: 1
        }
    }

    /// Whether it selects an element twice.
    fileprivate var repeats: Bool {
        guard case .positions(let positions) = self, positions.dataType == .int32 else {
            return false
        }
        let elements = positions.elements(as: Int32.self)
        return Set(elements).count < elements.count
    }
}

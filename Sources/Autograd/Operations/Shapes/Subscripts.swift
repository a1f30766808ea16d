/// What selects along one axis of a tensor, or along several: a number, a range, a stride, a tensor
/// of positions or a mask, and ``all``, ``ellipsis`` and ``newAxis``.
///
/// ```swift
/// x[.all, 2]                              // the third column of every row
/// x[.ellipsis, 0..<3]                     // the first three along the last axis
/// x[0, stride(from: 8, to: 0, by: -2)]    // every other element, backwards
/// x[x .> 0]                               // the positive elements, a vector
/// x[1..., -1] = Tensor(0)                 // assigns, and broadcasts
/// ```
///
/// Negative numbers count from the end, in a stride if all are. A number removes its axis, a range keeps it. A tensor of
/// `int32` positions is replaced by its own axes; several select independently of each other. A
/// mask, of `bool`, covers as many axes as it has and makes one of them. Axes that are not
/// mentioned are taken whole.
public protocol AxisIndex {
    var axisSelection: AxisSelection { get }
}

/// How an ``AxisIndex`` selects.
public enum AxisSelection {
    /// One position, which removes the axis.
    case position(Int)
    /// From a position up to another; nil is the end of the axis.
    case range(Int, Int?)
    /// Those of a tensor of `int32`, whose axes replace the axis.
    case positions(Tensor)
    /// So many positions from the first on, each a step behind the one before.
    case steps(first: Int, count: Int, step: Int)
    /// Where a tensor of `bool` is true, over as many axes as it has; one axis replaces them.
    case mask(Tensor)
    /// All of as many axes as the other selections leave.
    case ellipsis
    /// An axis of size 1 that the tensor does not have.
    case newAxis

    /// Numbers of which each two neighbours have the same distance.
    fileprivate init(steps numbers: [Int]) {
        self = .steps(
            first: numbers.first ?? 0, count: numbers.count,
            step: numbers.count > 1 ? numbers[1] - numbers[0] : 1)
    }
}

extension Int: AxisIndex {
    public var axisSelection: AxisSelection { .position(self) }
}

extension Range: AxisIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(lowerBound, upperBound) }
}

extension ClosedRange: AxisIndex where Bound == Int {
    public var axisSelection: AxisSelection {
        .range(lowerBound, upperBound == -1 ? nil : upperBound + 1)
    }
}

extension PartialRangeFrom: AxisIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(lowerBound, nil) }
}

extension PartialRangeUpTo: AxisIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(0, upperBound) }
}

extension PartialRangeThrough: AxisIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(0, upperBound == -1 ? nil : upperBound + 1) }
}

extension StrideTo: AxisIndex where Element == Int {
    public var axisSelection: AxisSelection { AxisSelection(steps: Array(self)) }
}

extension StrideThrough: AxisIndex where Element == Int {
    public var axisSelection: AxisSelection { AxisSelection(steps: Array(self)) }
}

extension Tensor: AxisIndex {
    public var axisSelection: AxisSelection { dataType == .bool ? .mask(self) : .positions(self) }
}

/// Selects a whole axis, all axes in between, or a new axis of size 1.
public struct WholeAxes: AxisIndex {
    public let axisSelection: AxisSelection
}

extension AxisIndex where Self == WholeAxes {
    /// All of an axis.
    public static var all: WholeAxes { WholeAxes(axisSelection: .range(0, nil)) }
    /// All of as many axes as the other indices leave; once at most.
    public static var ellipsis: WholeAxes { WholeAxes(axisSelection: .ellipsis) }
    /// An axis of size 1 that the tensor does not have.
    public static var newAxis: WholeAxes { WholeAxes(axisSelection: .newAxis) }
}

extension Tensor {
    /// What an index selects, see ``AxisIndex``. Assigned values broadcast to what is selected.
    public subscript<First: AxisIndex>(_ first: First) -> Tensor {
        get { selected([first.axisSelection]) }
        set { assign(newValue, to: [first.axisSelection]) }
    }

    /// What two indices select, see ``AxisIndex``. Assigned values broadcast to what is selected.
    public subscript<First: AxisIndex, Second: AxisIndex>(
        _ first: First, _ second: Second
    ) -> Tensor {
        get { selected([first.axisSelection, second.axisSelection]) }
        set { assign(newValue, to: [first.axisSelection, second.axisSelection]) }
    }

    /// What three indices select, see ``AxisIndex``. Assigned values broadcast to what is selected.
    public subscript<First: AxisIndex, Second: AxisIndex, Third: AxisIndex>(
        _ first: First, _ second: Second, _ third: Third
    ) -> Tensor {
        get { selected([first.axisSelection, second.axisSelection, third.axisSelection]) }
        set {
            assign(
                newValue, to: [first.axisSelection, second.axisSelection, third.axisSelection])
        }
    }

    /// What four indices select, see ``AxisIndex``. Assigned values broadcast to what is selected.
    public subscript<
        First: AxisIndex, Second: AxisIndex, Third: AxisIndex, Fourth: AxisIndex
    >(
        _ first: First, _ second: Second, _ third: Third, _ fourth: Fourth
    ) -> Tensor {
        get {
            selected([
                first.axisSelection, second.axisSelection, third.axisSelection,
                fourth.axisSelection,
            ])
        }
        set {
            assign(
                newValue,
                to: [
                    first.axisSelection, second.axisSelection, third.axisSelection,
                    fourth.axisSelection,
                ])
        }
    }

    /// What some indices select, one for each of the first axes.
    ///
    /// - Parameter original: the tensor that a message is about, if it is another.
    func selected(_ selections: [AxisSelection], of original: Tensor? = nil) -> Tensor {
        let original = original ?? self
        let selections = expanded(selections)
        // One copy of what ranges and numbers select, then one for each tensor of positions.
        var (result, axis) = (sliced(slices(selections, of: original)), 0)
        for selection in selections {
            switch selection {
            case .position:
                result = result.squeezed(axes: [axis])
            case .range, .steps:
                axis += 1
            case .positions(let positions):
                result = result.gathered(at: positions, axis: axis)
                axis += positions.rank
            case .mask(let mask):
                let merged =
                    Array(result.shape[..<axis]) + [mask.count]
                    + result.shape[(axis + mask.rank)...]
                result = result.reshaped(merged)
                    .gathered(where: mask.reshaped([mask.count]), axis: axis)
                axis += 1
            case .newAxis:
                result = result.expandingAxis(axis)
                axis += 1
            case .ellipsis: break
            }
        }
        return result
    }

    /// What is taken along each axis; all of one where a tensor selects. Traps if a selection does
    /// not fit.
    private func slices(_ selections: [AxisSelection], of original: Tensor) -> [Slice] {
        var slices = shape.map(Slice.init(whole:))
        var axis = 0
        for selection in selections {
            switch selection {
            case .position(let position):
                let size = self.size(ofAxis: axis, of: original)
                let index = position < 0 ? position + size : position
                guard 0..<size ~= index else {
                    trap(
                        "subscript", "index \(position) is out of range for shape \(original.shape)"
                    )
                }
                slices[axis] = Slice(first: index, count: 1, step: 1)
                axis += 1
            case .range(let lower, let upper):
                let size = self.size(ofAxis: axis, of: original)
                let last = upper.map { $0 < 0 ? $0 + size : $0 } ?? size
                let first = lower < 0 ? lower + size : lower
                guard 0...size ~= first, first...size ~= last else {
                    let end = upper.map(String.init) ?? ""
                    trap(
                        "subscript", "\(lower)..<\(end) is out of range for shape \(original.shape)"
                    )
                }
                slices[axis] = Slice(first: first, count: last - first, step: 1)
                axis += 1
            case .steps(var first, let count, let step):
                let size = self.size(ofAxis: axis, of: original)
                // Negative numbers all count from the end.
                if first < 0, first + (count - 1) * step < 0 { first += size }
                let last = first + (count - 1) * step
                guard count == 0 || 0..<size ~= first && 0..<size ~= last else {
                    trap(
                        "subscript",
                        "positions \(first) to \(last) are out of range for shape "
                            + "\(original.shape)")
                }
                slices[axis] = Slice(first: first, count: count, step: step)
                axis += 1
            case .positions:
                _ = self.size(ofAxis: axis, of: original)
                axis += 1
            case .mask(let mask):
                let end = axis + mask.rank
                guard mask.rank > 0, end <= rank, Array(shape[axis..<end]) == mask.shape else {
                    trap("subscript", "a mask of shape \(mask.shape) for shape \(original.shape)")
                }
                axis = end
            case .newAxis, .ellipsis: break
            }
        }
        return slices
    }

    /// The size of an axis; traps if there are more indices than axes.
    private func size(ofAxis axis: Int, of original: Tensor) -> Int {
        guard axis < rank else {
            trap("subscript", "more indices than axes of shape \(original.shape)")
        }
        return shape[axis]
    }

    /// With as many whole axes in place of the ellipsis as the other indices leave.
    func expanded(_ selections: [AxisSelection]) -> [AxisSelection] {
        var used = 0
        var places: [Int] = []
        for (index, selection) in selections.enumerated() {
            switch selection {
            case .ellipsis: places.append(index)
            case .newAxis: break
            case .mask(let mask): used += mask.rank
            case .position, .range, .positions, .steps: used += 1
            }
        }
        guard places.count <= 1 else { trap("subscript", "more than one ellipsis") }
        guard used <= rank else { trap("subscript", "more indices than axes of shape \(shape)") }
        guard let place = places.first else { return selections }
        let whole = Array(repeating: AxisSelection.range(0, nil), count: rank - used)
        return selections[..<place] + whole + selections[(place + 1)...]
    }
}

import Autograd

/// An array of numbers with a shape, as slow and plain as can be: what the operations on
/// tensors are compared with.
public struct NaiveArray: Sendable {
    public var elements: [Double]
    public let shape: [Int]

    public init(_ elements: [Double], shape: [Int]) {
        precondition(elements.count == shape.reduce(1, *))
        self.elements = elements
        self.shape = shape
    }

    public init(_ tensor: Tensor) {
        self.init(numbers(tensor), shape: tensor.shape)
    }

    /// The array whose element at each index is `body` of that index.
    public init(shape: [Int], _ body: (_ index: [Int]) -> Double) {
        let indices = Self.indices(shape)
        self.init(indices.map(body), shape: shape)
    }

    public var tensor: Tensor { Tensor(elements, shape: shape) }

    /// The element at an index of as many axes or more: as in broadcasting, the last axes
    /// count, and axes of size 1 repeat.
    public subscript(_ index: [Int]) -> Double {
        var offset = 0
        for (position, size) in zip(index.suffix(shape.count), shape) {
            offset = offset * size + (size == 1 ? 0 : position)
        }
        return elements[offset]
    }

    /// `body` of every element.
    public func map(_ body: (Double) -> Double) -> NaiveArray {
        NaiveArray(elements.map(body), shape: shape)
    }

    /// `body` of all pairs of elements, broadcast.
    public static func combining(
        _ a: NaiveArray, _ b: NaiveArray, _ body: (Double, Double) -> Double
    ) -> NaiveArray {
        NaiveArray(shape: broadcast(a.shape, b.shape)) { body(a[$0], b[$0]) }
    }

    /// `body` of the elements along some axes, at each place of the others.
    public func reduced(
        axes: [Int], keepingAxes: Bool = false, _ body: ([Double]) -> Double
    ) -> NaiveArray {
        let axes = axes.map { $0 < 0 ? $0 + shape.count : $0 }
        let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
        let along = Self.indices(shape.indices.map { axes.contains($0) ? shape[$0] : 1 })
        let result = NaiveArray(shape: kept) { place in
            body(along.map { step in self[zip(place, step).map { $0 + $1 }] })
        }
        let remaining = shape.indices.filter { keepingAxes || !axes.contains($0) }
        return NaiveArray(result.elements, shape: remaining.map { kept[$0] })
    }

    /// All indices into a shape, in row-major order.
    public static func indices(_ shape: [Int]) -> [[Int]] {
        var indices: [[Int]] = [[]]
        for size in shape {
            indices = indices.flatMap { index in (0..<size).map { index + [$0] } }
        }
        return indices
    }

    private static func broadcast(_ a: [Int], _ b: [Int]) -> [Int] {
        let rank = max(a.count, b.count)
        let left = Array(repeating: 1, count: rank - a.count) + a
        let right = Array(repeating: 1, count: rank - b.count) + b
        return zip(left, right).map { $0 == 1 ? $1 : $0 }
    }
}

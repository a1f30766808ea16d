/// How positions along an axis are read or written: elements `[outer, size, inner]` on one side,
/// `[outer, count, inner]` on the other, and indices of type `int32` that give, for each position
/// on the second side, the position on the first.
public struct IndexedAxis: Sendable {
    public var outer: Int
    public var size: Int
    public var count: Int
    public var inner: Int
    /// Whether each element has its own index, `[outer, count, inner]` in total. Otherwise `count`
    /// indices are used for all.
    public var isElementwise: Bool

    public init(outer: Int, size: Int, count: Int, inner: Int, isElementwise: Bool) {
        self.outer = outer
        self.size = size
        self.count = count
        self.inner = inner
        self.isElementwise = isElementwise
    }
}

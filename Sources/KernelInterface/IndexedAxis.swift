/// How positions along an axis are read or written: elements `[outer, size, inner]` at the one
/// side, `[outer, count, inner]` at the other, and indices of type `int32` that say which
/// position along the first each of the second belongs to.
public struct IndexedAxis: Sendable {
    public var outer: Int
    public var size: Int
    public var count: Int
    public var inner: Int
    /// Whether each element has an index of its own, `[outer, count, inner]` of them. Else
    /// `count` indices serve all.
    public var isElementwise: Bool

    public init(outer: Int, size: Int, count: Int, inner: Int, isElementwise: Bool) {
        self.outer = outer
        self.size = size
        self.count = count
        self.inner = inner
        self.isElementwise = isElementwise
    }
}

/// Elements of a picture at regular distances, which lie in memory of their own as rows `pitch`
/// elements apart.
///
/// Element (r, c) of the grid is that of the picture at `first + (r, c) * step`, which may be
/// outside of it.
public struct Grid: Hashable, Sendable {
    /// The size of the picture.
    public var picture: Size2D
    public var first: Size2D
    public var step: Size2D
    public var rows: Int
    /// From one row in the grid's memory to the next.
    public var pitch: Int

    public init(on picture: Size2D, first: Size2D, step: Size2D, rows: Int, pitch: Int) {
        self.picture = picture
        self.first = first
        self.step = step
        self.rows = rows
        self.pitch = pitch
    }
}

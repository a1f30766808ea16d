/// Elements of an image at regular distances, stored separately as rows `pitch` elements apart.
///
/// Element (r, c) of the grid is that of the image at `first + (r, c) * step`, which may be outside
/// of the image.
public struct Grid: Hashable, Sendable {
    /// The size of the image.
    public var image: Size2D
    public var first: Size2D
    public var step: Size2D
    public var rows: Int
    /// The distance from one row to the next in the grid's memory.
    public var pitch: Int

    public init(on image: Size2D, first: Size2D, step: Size2D, rows: Int, pitch: Int) {
        self.image = image
        self.first = first
        self.step = step
        self.rows = rows
        self.pitch = pitch
    }
}

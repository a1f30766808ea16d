/// Three sizes or distances, along the depth, the height and the width of a volume. An integer
/// literal sets all.
public struct Size3D: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
    /// Along the first of the three axes.
    public var depth: Int
    /// Along the axis before the last.
    public var height: Int
    /// Along the last axis.
    public var width: Int

    /// A size along each axis.
    public init(depth: Int, height: Int, width: Int) {
        (self.depth, self.height, self.width) = (depth, height, width)
    }

    /// The same size along all axes.
    public init(_ all: Int) { self.init(depth: all, height: all, width: all) }

    public init(integerLiteral value: Int) { self.init(value) }

    /// The sizes along the height and the width.
    public var plane: Size2D { Size2D(height: height, width: width) }

    var sides: [Int] { [depth, height, width] }
}

extension Size3D: CustomStringConvertible {
    public var description: String { "\(depth) × \(height) × \(width)" }
}

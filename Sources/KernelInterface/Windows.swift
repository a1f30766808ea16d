/// Two sizes or distances, along the height and the width of an image. An integer literal sets
/// both.
public struct Size2D: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// The same size along both axes.
    public init(_ both: Int) { self.init(height: both, width: both) }

    public init(integerLiteral value: Int) { self.init(value) }
}

extension Size2D: CustomStringConvertible {
    public var description: String { "\(height) × \(width)" }
}

/// A window that slides over an image: its stops, and the elements it sees at each.
///
/// At stop (r, c), place (i, j) of the window is at element `(r * stride - padding + i * dilation,
/// c * stride - padding + j * dilation)`, combining heights with heights and widths with widths,
/// which may be outside of the image.
public struct Windows: Hashable, Sendable {
    /// The size of the image.
    public var image: Size2D
    /// The size of the window, in places.
    public var window: Size2D
    /// The distance from one stop to the next.
    public var stride: Size2D
    /// Elements added on each side of the image.
    public var padding: Size2D
    /// The distance from one place of the window to the next.
    public var dilation: Size2D

    public init(
        over image: Size2D, of window: Size2D, stride: Size2D, padding: Size2D, dilation: Size2D
    ) {
        self.image = image
        self.window = window
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
    }

    /// How many elements the window spans.
    public var span: Size2D {
        Size2D(
            height: dilation.height * (window.height - 1) + 1,
            width: dilation.width * (window.width - 1) + 1)
    }

    /// How many stops the window makes. Its span must fit the padded image.
    public var stops: Size2D {
        Size2D(
            height: (image.height + 2 * padding.height - span.height) / stride.height + 1,
            width: (image.width + 2 * padding.width - span.width) / stride.width + 1)
    }
}

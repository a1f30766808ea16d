import Autograd

/// Samples as images: `[height, width]` if grey, else `[channels, height, width]`.
public struct ImageShape: Sendable, Hashable {
    /// The number of channels; 1 for grey images without a channel axis.
    public let channels: Int
    /// The height and width in pixels.
    public let size: Size2D

    /// Nil if samples of the shape are not images, or have no pixels.
    public init?(_ sampleShape: [Int]) {
        guard 2...3 ~= sampleShape.count, sampleShape.allSatisfy({ $0 > 0 }) else { return nil }
        let sides = sampleShape.suffix(2)
        channels = sampleShape.count == 3 ? sampleShape[0] : 1
        size = Size2D(height: sides[sides.startIndex], width: sides[sides.startIndex + 1])
    }

    /// As ``init(_:)``, for samples that are known to be images; traps if they are not.
    init(of sampleShape: [Int], for recipe: String) {
        guard let shape = ImageShape(sampleShape) else {
            programmerError(recipe, "samples of shape \(sampleShape) are not images")
        }
        self = shape
    }

    /// The image shape `[channels, height, width]`.
    var shape: [Int] { [channels, size.height, size.width] }
}

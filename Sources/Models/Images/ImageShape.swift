import Autograd

/// How samples are images: `[height, width]` if grey, else `[channels, height, width]`.
public struct ImageShape: Sendable, Hashable {
    public let channels: Int
    public let size: Size2D

    /// Nil where samples of the shape are no images, or have no pixels.
    public init?(_ sampleShape: [Int]) {
        guard 2...3 ~= sampleShape.count, sampleShape.allSatisfy({ $0 > 0 }) else { return nil }
        let sides = sampleShape.suffix(2)
        channels = sampleShape.count == 3 ? sampleShape[0] : 1
        size = Size2D(height: sides[sides.startIndex], width: sides[sides.startIndex + 1])
    }

    /// As ``init(_:)``, of samples that are known to be images: traps where they are none.
    init(of sampleShape: [Int], for recipe: String) {
        guard let shape = ImageShape(sampleShape) else {
            programmerError(recipe, "samples of shape \(sampleShape) are no images")
        }
        self = shape
    }

    /// The images `[channels, height, width]`.
    var shape: [Int] { [channels, size.height, size.width] }
}

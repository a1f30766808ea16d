import Autograd

/// Square parts of micrographs around positions.
public struct Patches: Sendable {
    /// `uint8`, `[count, size, size]`.
    public let images: Tensor
    /// Of each, the index among the positions that it was asked for.
    public let kept: [Int]

    /// Cuts parts out of the images of a stack. Their pixels are those of the image: the pixel nearest to a
    /// position has the index `size / 2` along both axes. Interpolation would put every position at the same
    /// place to a fraction of a pixel, but it smooths the noise of one part more than that of another, by
    /// how far its position is from a pixel's middle, and a model that tells shifts finds the fraction
    /// anyway.
    ///
    /// Positions so near to the border that a part would reach beyond it are left out. Traps if a position
    /// is in no image, or the size is not positive.
    ///
    /// - Parameter levels: what becomes black and white, as for ``Micrograph/bytes(_:)``.
    public init(
        of stack: [Micrograph], at positions: [AtomPosition], size: Int,
        levels: ClosedRange<Float> = 0...1
    ) {
        guard size > 0, positions.allSatisfy({ stack.indices.contains($0.frame) }) else {
            programmerError(
                "Patches", "parts of \(size) pixels at positions in \(stack.count) images")
        }
        let images = stack.map { $0.bytes(levels) }
        var (pixels, kept): ([UInt8], [Int]) = ([], [])
        for (index, position) in positions.enumerated() {
            let image = stack[position.frame]
            guard position.isInside(height: image.height, width: image.width) else { continue }
            // Sound: within the image.
            let top = Int((position.y + 0.5).rounded(.down)) - size / 2
            let left = Int((position.x + 0.5).rounded(.down)) - size / 2
            guard top >= 0, left >= 0, top + size <= image.height, left + size <= image.width
            else { continue }
            for row in top..<top + size {
                let start = row * image.width + left
                pixels += images[position.frame][start..<start + size]
            }
            kept.append(index)
        }
        self.images = Tensor(pixels, shape: [kept.count, size, size])
        self.kept = kept
    }
}

import Autograd
import FileSupport

/// Where the channels of images lie: first, as here, or last, as most other programs write them.
enum ChannelOrder {
    /// Images whose channels lie last with these first, [n, channels, height, width], or
    /// [n, height, width] where there is one; an opaque fourth channel is left out. Nil where
    /// tensors are no such images.
    ///
    /// - Throws: where they may be either, or have a fourth channel that is not opaque.
    static func turned(
        _ images: Tensor, path: String
    ) throws(FileError) -> (images: Tensor, note: String)? {
        guard images.rank == 4, [1, 3, 4].contains(images.shape[3]) else { return nil }
        let (first, second, last) = (images.shape[1], images.shape[2], images.shape[3])
        if [1, 3, 4].contains(first) {
            // Square images tell.
            let (isFirst, isLast) = (second == last, first == second)
            if isFirst != isLast {
                if isFirst { return nil }
            } else {
                throw FileError(
                    path: path,
                    expected: "images of which shape tells where the channels are",
                    found: "shape \(images.shape), which may be [n, channels, height, width] or "
                        + "[n, height, width, channels] (turn the axes, or write them as [n, …])")
            }
        }
        let planes = images.transposed([0, 3, 1, 2])
        let size = "\(first) × \(second)"
        switch last {
        case 1:
            return (
                planes.reshaped([images.shape[0], first, second]),
                "images of \(size) whose one channel lies last: taken as grey"
            )
        case 3:
            return (planes, "images of \(size) whose 3 channels lie last: these are put first")
        default:
            guard isOpaque(planes) else {
                throw FileError(
                    path: path, expected: "images of 1 or 3 channels",
                    found: "4 in shape \(images.shape), of which the last is not opaque")
            }
            return (
                planes.sliced(axis: 1, 0..<3),
                "images of \(size) whose 4 channels lie last: 3 are put first, the opaque fourth "
                    + "is left out"
            )
        }
    }

    /// Whether the fourth channel, the opacity, has one value only, that of an opaque image.
    private static func isOpaque(_ planes: Tensor) -> Bool {
        let opacity = planes.sliced(axis: 1, 3..<4)
        let whole: Double = opacity.dataType == .uint8 ? 255 : 1
        return opacity.cast(to: .float64).elements(as: Double.self).allSatisfy { $0 == whole }
    }
}

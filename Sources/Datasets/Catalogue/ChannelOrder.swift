import Autograd
import FileSupport

/// The position of the channel axis of images: first, as here, or last, as most other programs do.
enum ChannelOrder {
    /// Images with channels last, converted to channels first: [n, channels, height, width], or [n,
    /// height, width] if there is one channel; an opaque fourth channel is left out. Nil if the
    /// tensor does not hold images with channels last.
    ///
    /// - Throws: if the order is ambiguous, or a fourth channel is not opaque.
    static func turned(
        _ images: Tensor, path: String
    ) throws(FileError) -> (images: Tensor, note: String)? {
        guard images.rank == 4, [1, 3, 4].contains(images.shape[3]) else { return nil }
        let (first, second, last) = (images.shape[1], images.shape[2], images.shape[3])
        if [1, 3, 4].contains(first) {
            // Square images show it.
            let (isFirst, isLast) = (second == last, first == second)
            if isFirst != isLast {
                if isFirst { return nil }
            } else {
                throw FileError(
                    path: path,
                    expected: "images whose shape shows where the channels are",
                    found: "shape \(images.shape), which may be [n, channels, height, width] or "
                        + "[n, height, width, channels] (swap the axes, or write them as [n, …])")
            }
        }
        let planes = images.transposed([0, 3, 1, 2])
        let size = "\(first) × \(second)"
        switch last {
        case 1:
            return (
                planes.reshaped([images.shape[0], first, second]),
                "images of \(size) with the only channel last: taken as grey"
            )
        case 3:
            return (planes, "images of \(size) with 3 channels last: these are moved first")
        default:
            guard isOpaque(planes) else {
                throw FileError(
                    path: path, expected: "images of 1 or 3 channels",
                    found: "4 in shape \(images.shape), of which the last is not opaque")
            }
            return (
                planes.sliced(axis: 1, 0..<3),
                "images of \(size) with 4 channels last: 3 are moved first, the opaque fourth "
                    + "is left out"
            )
        }
    }

    /// Whether the fourth channel, the opacity, only has the value of an opaque image.
    private static func isOpaque(_ planes: Tensor) -> Bool {
        let opacity = planes.sliced(axis: 1, 3..<4)
        let whole: Double = opacity.dataType == .uint8 ? 255 : 1
        return opacity.cast(to: .float64).elements(as: Double.self).allSatisfy { $0 == whole }
    }
}

import Autograd
import FileSupport

extension ImageFile {
    /// The image of a file as a sample, cut to its middle and resized as the images of a folder are:
    /// bytes `[1, height, width]` or `[1, channels, height, width]`.
    ///
    /// - Parameters:
    ///   - shape: of the sample, an image's.
    ///   - converting: whether colours may become grey, and grey three channels. Without it only an image
    ///     whose three channels are the same counts as grey.
    package static func sample(
        of shape: [Int], at path: String, converting: Bool
    ) throws(FileError) -> Tensor {
        guard 2...3 ~= shape.count else {
            programmerError("ImageFile", "samples of shape \(shape) are no images")
        }
        let channels = shape.count == 3 ? shape[0] : 1
        var pixels = try read(path)
        if channels == 1, pixels.shape[0] == 3, pixels[0] == pixels[1], pixels[0] == pixels[2] {
            pixels = pixels[0..<1]
        }
        guard converting || pixels.shape[0] == channels else {
            func kind(_ channels: Int) -> String {
                channels == 1 ? "a grey image" : "a colour image"
            }
            throw FileError(
                path: path, expected: "\(kind(channels)), as the model was trained on",
                found: "\(kind(pixels.shape[0])): convert it, or train with --image-channels "
                    + "\(pixels.shape[0])")
        }
        let size = Size2D(height: shape[shape.count - 2], width: shape[shape.count - 1])
        let fitted = FittedImages.fitted(
            FittedImages.coloured(pixels, channels: channels), to: size)
        return fitted.reshaped([1] + shape)
    }
}

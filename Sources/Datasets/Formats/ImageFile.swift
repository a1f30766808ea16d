import Autograd
import FileSupport

/// Files of images in the formats that are known by their first bytes: PNG and JPEG.
public enum ImageFile {
    /// More pixels than anyone looks at; a file that claims more is refused.
    static let maximumPixelCount = 1 << 28

    /// Reads a file, whatever its name.
    /// - Returns: the pixels, bytes of shape [channels, height, width], with one channel for grey
    ///   and three for colour.
    public static func read(_ path: String) throws(FileError) -> Tensor {
        let image = try decode(FileReading.bytes(of: path), path: path)
        return Tensor(image.pixels, shape: [image.height, image.width, image.channels])
            .transposed([2, 0, 1])
    }

    /// Whether the bytes begin like such a file.
    static func isImage(_ start: [UInt8]) -> Bool { PNG.isImage(start) || JPEG.isImage(start) }

    static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> PNG.Image {
        if PNG.isImage(bytes) { return try PNG.decode(bytes, path: path) }
        if JPEG.isImage(bytes) { return try JPEG.decode(bytes, path: path) }
        throw FileError(
            path: path, expected: "a PNG or JPEG file",
            found: bytes.isEmpty ? "an empty file" : "something else")
    }
}

import FileSupport

/// The JPEG format (ITU-T T.81), in which cameras and the web keep photographs.
public enum JPEG {
    /// Reads a file with Huffman codes and 8 bits per sample, sequential or progressive.
    ///
    /// Colour gives three channels, grey gives one. The image is turned as its Exif data say. The
    /// pixels are those of libjpeg-turbo to one level or less. Throws for other colour spaces,
    /// other ways to code, and for a file that is damaged or not whole; what follows the image is
    /// ignored.
    public static func read(_ path: String) throws(FileError) -> PNG.Image {
        try decode(FileReading.bytes(of: path), path: path)
    }

    /// Whether the bytes begin like such a file.
    static func isImage(_ start: [UInt8]) -> Bool { start.starts(with: [0xFF, 0xD8, 0xFF]) }

    static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> PNG.Image {
        guard bytes.starts(with: [0xFF, JPEGMarker.startOfImage]) else {
            throw FileError(
                path: path, expected: "a JPEG file",
                found: bytes.isEmpty ? "an empty file" : "something else")
        }
        // Sound: the buffer is only used within the closure.
        return try bytes.withUnsafeBufferPointer { input throws(FileError) in
            var decoder = JPEGDecoder(JPEGSegments(input, path: path))
            return try decoder.image()
        }
    }
}

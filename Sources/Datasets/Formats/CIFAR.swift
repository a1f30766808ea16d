import Autograd
import FileSupport

/// The binary files of CIFAR-10: records of a label and 32 × 32 pixels, first all red values row by
/// row, then all green, then all blue.
public enum CIFAR {
    private static let imageSize = 3 * 32 * 32

    /// Reads a file, gzipped or not.
    /// - Returns: images, bytes of shape [n, 3, 32, 32], and labels, 32-bit integers of
    ///   shape [n], 0 to 9.
    public static func read(
        _ path: String
    ) throws(FileError) -> (images: Tensor, labels: Tensor) {
        try decode(FileReading.contents(of: path), path: path)
    }

    static func decode(
        _ bytes: [UInt8], path: String
    ) throws(FileError) -> (images: Tensor, labels: Tensor) {
        let recordSize = 1 + imageSize
        guard !bytes.isEmpty, bytes.count % recordSize == 0 else {
            throw FileError(
                path: path, expected: "records of \(recordSize) bytes",
                found: "\(bytes.count) bytes")
        }
        let count = bytes.count / recordSize
        var labels: [Int32] = []
        var pixels: [UInt8] = []
        labels.reserveCapacity(count)
        pixels.reserveCapacity(count * imageSize)
        for record in 0..<count {
            let start = record * recordSize
            guard bytes[start] < 10 else {
                throw FileError(
                    path: path, expected: "a label of 0 to 9 in record \(record)",
                    found: "\(bytes[start])")
            }
            labels.append(Int32(bytes[start]))
            pixels += bytes[start + 1..<start + recordSize]
        }
        return (Tensor(pixels, shape: [count, 3, 32, 32]), Tensor(labels))
    }
}

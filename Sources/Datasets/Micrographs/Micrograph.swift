import Autograd
import FileSupport
import Foundation

/// A grey image as a microscope takes it, of any size.
public struct Micrograph: Sendable, Hashable {
    public let height: Int
    public let width: Int
    /// Row by row from the top, from 0 for black to 1 for white.
    public let pixels: [Float]

    /// Traps unless there are `height * width` pixels, and at least one.
    public init(height: Int, width: Int, pixels: [Float]) {
        guard height > 0, width > 0, pixels.count == height * width else {
            programmerError("Micrograph", "\(pixels.count) pixels for \(height) × \(width)")
        }
        (self.height, self.width, self.pixels) = (height, width, pixels)
    }

    /// Reads a PNG or JPEG file, of PNG all of up to 16 bits.
    ///
    /// - Throws: if it is an image in colour; one whose channels are all the same is grey.
    public init(contentsOf path: String) throws(FileError) {
        let image = try Self.deepImage(at: path)
        let (count, channels) = (image.width * image.height, image.channels)
        for index in 0..<count where channels == 3 {
            let pixel = image.pixels[3 * index..<3 * index + 3]
            guard pixel.allSatisfy({ $0 == pixel.first }) else {
                throw FileError(path: path, expected: "a grey image", found: "one in colour")
            }
        }
        self.init(
            height: image.height, width: image.width,
            pixels: (0..<count).map { Float(image.pixels[channels * $0]) / Float(UInt16.max) })
    }

    private static func deepImage(at path: String) throws(FileError) -> PNG.DeepImage {
        let bytes = try FileReading.bytes(of: path)
        guard !PNG.isImage(bytes) else { return try PNG.decodeDeep(bytes, path: path) }
        let image = try ImageFile.decode(bytes, path: path)
        // 257 times a byte is as far from black as the byte.
        return PNG.DeepImage(
            width: image.width, height: image.height, channels: image.channels,
            pixels: image.pixels.map { 257 * UInt16($0) })
    }

    /// The images of paths; of a folder all that it has, in the order of their names, in which numbers
    /// count as such: 9 comes before 10.
    ///
    /// - Throws: if an image differs in size from the first, or a folder has none.
    public static func stack(at paths: [String]) throws(FileError)
        -> [(path: String, micrograph: Micrograph)]
    {
        var files: [String] = []
        for path in paths { files += try filesOfImages(at: path) }
        var stack: [(path: String, micrograph: Micrograph)] = []
        for file in files {
            let micrograph = try Micrograph(contentsOf: file)
            let first = stack.first?.micrograph ?? micrograph
            guard micrograph.height == first.height, micrograph.width == first.width else {
                throw FileError(
                    path: file,
                    expected: "\(first.height) × \(first.width) pixels, as in \(files[0])",
                    found: "\(micrograph.height) × \(micrograph.width)")
            }
            stack.append((file, micrograph))
        }
        return stack
    }

    private static func filesOfImages(at path: String) throws(FileError) -> [String] {
        guard Dataset.isFolder(path) else { return [path] }
        let names = try namesInFolder(at: path).filter { name in
            !name.hasPrefix(".")
                && [".png", ".jpg", ".jpeg"].contains(where: name.lowercased().hasSuffix)
        }
        guard !names.isEmpty else {
            throw FileError(path: path, expected: "a folder of PNG or JPEG images", found: "none")
        }
        let ordered = names.sorted {
            switch $0.compare($1, options: .numeric) {
            case .orderedAscending: true
            case .orderedDescending: false
            case .orderedSame: $0 < $1
            }
        }
        return ordered.map { path + "/" + $0 }
    }

    /// The image with 8 bits: a level that is `range.lowerBound` becomes 0, one that is its end 255.
    ///
    /// - Parameter range: traps if it is empty.
    public func bytes(_ range: ClosedRange<Float> = 0...1) -> [UInt8] {
        let span = range.upperBound - range.lowerBound
        guard span > 0 else { programmerError("Micrograph", "levels within \(range)") }
        return pixels.map { level in
            let scaled = 255 * (level - range.lowerBound) / span
            // Sound: from 0 to 255, also where a level is not a number.
            return UInt8(max(0, min(255, scaled.rounded())))
        }
    }

    /// Writes a PNG file with 8 bits.
    public func write(to path: String) throws(FileError) {
        try PNG.write(
            PNG.Image(width: width, height: height, channels: 1, pixels: bytes()), to: path)
    }
}

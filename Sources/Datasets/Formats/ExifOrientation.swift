/// How an image has to be turned to be seen upright, as cameras write it (Exif 2.3, tag 0x0112).
enum ExifOrientation: Int {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    /// Rows and columns are exchanged.
    case transposed
    case toBeTurnedRight
    case transposedUpsideDown
    case toBeTurnedLeft

    /// Reads the segment of an application; nil if it is none of Exif, or does not say.
    init?(_ segment: JPEGSegment) {
        let mark = Array("Exif\0\0".utf8)
        guard segment.marker == 0xE1, segment.remainder.starts(with: mark) else { return nil }
        let data = Array(segment.remainder.dropFirst(mark.count))
        let isBigEndian = data.starts(with: Array("MM".utf8))
        guard isBigEndian || data.starts(with: Array("II".utf8)) else { return nil }
        func number<Word: FixedWidthInteger>(_ position: Int, as: Word.Type) -> Int? {
            guard data.count - position >= MemoryLayout<Word>.size else { return nil }
            return Int(
                words(data, from: position, count: 1, bigEndian: isBigEndian, as: Word.self)[0])
        }
        guard number(2, as: UInt16.self) == 42, let directory = number(4, as: UInt32.self),
            let count = number(directory, as: UInt16.self)
        else { return nil }
        for index in 0..<count {
            // Each entry is a tag, a type, a count and a value. Type 3 is a number of 16 bits.
            let entry = directory + 2 + 12 * index
            guard let tag = number(entry, as: UInt16.self) else { return nil }
            if tag == 0x0112 {
                guard number(entry + 2, as: UInt16.self) == 3,
                    let value = number(entry + 8, as: UInt16.self)
                else { return nil }
                self.init(rawValue: value)
                return
            }
        }
        return nil
    }

    private var exchangesAxes: Bool { rawValue >= 5 }
    private var isMirrored: Bool { [2, 3, 7, 8].contains(rawValue) }
    private var isUpsideDown: Bool { [3, 4, 6, 7].contains(rawValue) }

    /// The image turned upright.
    func applied(to image: PNG.Image) -> PNG.Image {
        if self == .upright { return image }
        let (width, height, channels) = (image.width, image.height, image.channels)
        let rowSize = width * channels
        // From one pixel to the next on the right, and to the one below, in the given image.
        var (right, down) = (isMirrored ? -channels : channels, isUpsideDown ? -rowSize : rowSize)
        let first =
            (isMirrored ? rowSize - channels : 0) + (isUpsideDown ? height - 1 : 0) * rowSize
        if exchangesAxes { swap(&right, &down) }
        let size = exchangesAxes ? (width: height, height: width) : (width: width, height: height)
        let count = image.pixels.count
        // Sound: all pixels are written, and the buffers are only used within the closures.
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, initializedCount in
            image.pixels.withUnsafeBufferPointer { source in
                for row in 0..<size.height {
                    for channel in 0..<channels {
                        var start = first &+ row &* down &+ channel
                        var place = row &* size.width &* channels &+ channel
                        for _ in 0..<size.width {
                            pixels[place] = source[start]
                            place &+= channels
                            start &+= right
                        }
                    }
                }
            }
            initializedCount = count
        }
        return PNG.Image(
            width: size.width, height: size.height, channels: channels, pixels: pixels)
    }
}

/// What the components of a JPEG image stand for.
enum JPEGColour {
    case grey
    /// Red, green and blue as they are.
    case direct
    /// Brightness and two differences of colour (ITU-T T.871).
    case brightnessAndDifferences

    /// What the segments of applications say of it.
    struct Marks {
        private var isJFIF = false
        /// The transformation that Adobe's segment names.
        private var transform: UInt8?

        mutating func note(_ segment: JPEGSegment) {
            let content = segment.remainder
            switch segment.marker {
            case 0xE0 where content.starts(with: Array("JFIF\0".utf8)): isJFIF = true
            case 0xEE where content.starts(with: Array("Adobe".utf8)) && content.count >= 12:
                transform = content[11]
            default: break
            }
        }

        func colour(of frame: JPEGFrame) -> JPEGColour {
            let identifiers = frame.components.map(\.identifier)
            if identifiers.count == 1 { return .grey }
            if isJFIF { return .brightnessAndDifferences }
            if let transform { return transform == 0 ? .direct : .brightnessAndDifferences }
            return identifiers == "RGB".utf8.map(Int.init) ? .direct : .brightnessAndDifferences
        }
    }

    /// The image of the samples of all components.
    func image(_ frame: JPEGFrame, _ samples: [UInt8]) -> PNG.Image {
        var upsamplings = frame.components.map { ChromaUpsampling($0, of: frame) }
        let channels = upsamplings.count
        let width = upsamplings.reduce(0) { max($0, $1.width) }
        var rows = [UInt8](repeating: 0, count: channels * width)
        let (rowSize, count) = (frame.width * channels, frame.width * channels * frame.height)
        // Sound: all pixels are written, and the buffers are only used within the closures.
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, initializedCount in
            samples.withUnsafeBufferPointer { samples in
                rows.withUnsafeMutableBufferPointer { rows in
                    let components = (0..<channels).map { index in
                        UnsafeMutableBufferPointer(
                            rebasing: rows[index * width..<(index + 1) * width])
                    }
                    for row in 0..<frame.height {
                        for index in 0..<channels {
                            upsamplings[index].row(row, of: samples, to: components[index])
                        }
                        convert(
                            components, count: frame.width,
                            to: UnsafeMutableBufferPointer(
                                rebasing: pixels[row * rowSize..<(row + 1) * rowSize]))
                    }
                }
            }
            initializedCount = count
        }
        return PNG.Image(
            width: frame.width, height: frame.height, channels: channels, pixels: pixels)
    }

    /// Writes a row of pixels.
    private func convert(
        _ components: [UnsafeMutableBufferPointer<UInt8>], count: Int,
        to pixels: UnsafeMutableBufferPointer<UInt8>
    ) {
        switch self {
        case .grey: _ = pixels.update(fromContentsOf: components[0][..<count])
        case .direct:
            for column in 0..<count {
                for channel in 0..<3 {
                    pixels[3 &* column &+ channel] = components[channel][column]
                }
            }
        case .brightnessAndDifferences:
            let (first, second, third) = (components[0], components[1], components[2])
            let half: Int32 = 1 << 15
            for column in 0..<count {
                let brightness = Int32(first[column])
                let (blue, red) = (Int32(second[column]) &- 128, Int32(third[column]) &- 128)
                // Factors times 2¹⁶: 1.402, 0.34414 and 0.71414, 1.772.
                let changes = (
                    (91881 &* red &+ half) &>> 16,
                    (half &- 22554 &* blue &- 46802 &* red) &>> 16,
                    (116_130 &* blue &+ half) &>> 16
                )
                pixels[3 &* column] = UInt8(clamping: brightness &+ changes.0)
                pixels[3 &* column &+ 1] = UInt8(clamping: brightness &+ changes.1)
                pixels[3 &* column &+ 2] = UInt8(clamping: brightness &+ changes.2)
            }
        }
    }
}

import FileSupport

/// One of the images, of brightness or of a colour, that make a JPEG image.
struct JPEGComponent {
    let identifier: Int
    /// Which of the quantization tables is its own.
    let quantizationTable: Int
    /// Blocks in a unit of interleaved scans, across and down.
    let sampling: (across: Int, down: Int)
    /// Its size in samples.
    let size: (across: Int, down: Int)
    /// Blocks of 8 × 8 that hold these samples.
    let blocks: (across: Int, down: Int)
    /// Blocks kept in memory, so that units are whole.
    let stored: (across: Int, down: Int)
    /// The number of blocks of the components before it.
    let firstBlock: Int

    /// From one row of samples in memory to the next.
    var stride: Int { 8 * stored.across }

    /// Where its samples are in the memory of all components.
    var samples: Range<Int> {
        64 * firstBlock..<64 * (firstBlock + stored.across * stored.down)
    }

    /// The number of its block at this place, among those of all components.
    func block(row: Int, column: Int) -> Int { firstBlock &+ row &* stored.across &+ column }

    /// The position of its sample at this place, among those of all components.
    func sample(row: Int, column: Int) -> Int { 64 &* firstBlock &+ row &* stride &+ column }
}

/// The frame header of a JPEG file: the size of the image and the sampling of its components.
struct JPEGFrame {
    let isProgressive: Bool
    let width: Int
    let height: Int
    /// The greatest sampling factors of the components.
    let sampling: (across: Int, down: Int)
    /// Units of interleaved scans, each with some blocks of every component.
    let units: (across: Int, down: Int)
    let components: [JPEGComponent]

    /// The number of blocks in memory.
    var blockCount: Int { components.reduce(0) { $0 + $1.stored.across * $1.stored.down } }

    /// - Parameter fileSize: a header that claims more than such a file can hold is refused.
    init(_ segment: JPEGSegment, fileSize: Int) throws(FileError) {
        var segment = segment
        let path = segment.path
        try Self.refuseOtherCoding(segment.marker, path: path)
        isProgressive = segment.marker == 0xC2
        let depth = try segment.byte()
        guard depth == 8 else {
            throw FileError(path: path, expected: "8 bits per sample", found: "\(depth)")
        }
        let (height, width) = (try segment.word(), try segment.word())
        guard height > 0 else {
            throw FileError(
                path: path, expected: "the height of the image in its header",
                found: "0 (it may follow the first scan, which is not supported)")
        }
        guard width > 0, height <= ImageFile.maximumPixelCount / width else {
            throw FileError(
                path: path, expected: "1 to \(ImageFile.maximumPixelCount) pixels",
                found: "\(width) × \(height)")
        }
        let count = try segment.byte()
        guard count == 1 || count == 3 else {
            throw FileError(
                path: path, expected: "1 component, grey, or 3 of colour",
                found: "\(count)\(count == 4 ? ", as of CMYK" : "")")
        }
        var claims: [(identifier: Int, sampling: (across: Int, down: Int), table: Int)] = []
        for _ in 0..<count {
            let (identifier, sampling, table) = (
                try segment.byte(), try segment.halves(), try segment.byte()
            )
            guard 1...4 ~= sampling.high, 1...4 ~= sampling.low, table < 4 else {
                throw FileError(
                    path: path, expected: "sampling factors of 1 to 4 and a table of 0 to 3",
                    found: "\(sampling.high) × \(sampling.low), table \(table)")
            }
            claims.append((identifier, (sampling.high, sampling.low), table))
        }
        try segment.end()

        let most = claims.reduce((across: 1, down: 1)) {
            (max($0.across, $1.sampling.across), max($0.down, $1.sampling.down))
        }
        for claim in claims {
            guard most.across % claim.sampling.across == 0, most.down % claim.sampling.down == 0
            else {
                throw FileError(
                    path: path,
                    expected: "sampling factors that divide \(most.across) × \(most.down)",
                    found: "\(claim.sampling.across) × \(claim.sampling.down)")
            }
        }
        let units = (
            across: quotient(width, 8 * most.across), down: quotient(height, 8 * most.down)
        )
        var components: [JPEGComponent] = []
        var coded = 0
        for (identifier, sampling, table) in claims {
            let size = (
                across: quotient(width * sampling.across, most.across),
                down: quotient(height * sampling.down, most.down)
            )
            let component = JPEGComponent(
                identifier: identifier, quantizationTable: table, sampling: sampling, size: size,
                blocks: (quotient(size.across, 8), quotient(size.down, 8)),
                stored: (units.across * sampling.across, units.down * sampling.down),
                firstBlock: components.last.map { $0.samples.upperBound / 64 } ?? 0)
            components.append(component)
            coded += component.blocks.across * component.blocks.down
        }
        // A block takes at least one bit.
        guard coded / 8 <= fileSize else {
            throw FileError(
                path: path, expected: "the data of \(width) × \(height) pixels",
                found: "a file of \(fileSize) bytes")
        }
        (self.width, self.height, sampling) = (width, height, most)
        (self.units, self.components) = (units, components)
    }

    private static func refuseOtherCoding(_ marker: UInt8, path: String) throws(FileError) {
        let found: String
        switch marker {
        case 0xC0, 0xC1, 0xC2: return
        case 0xC3: found = "lossless coding"
        case 0xC5...0xC7, JPEGMarker.hierarchicalProgression, JPEGMarker.expansion:
            found = "hierarchical coding"
        case 0xC9, 0xCA, JPEGMarker.arithmeticConditions: found = "arithmetic coding"
        case 0xCB: found = "lossless arithmetic coding"
        case 0xCD...0xCF: found = "hierarchical arithmetic coding"
        default: found = "the reserved marker \(marker.hexadecimal)"
        }
        throw FileError(
            path: path, expected: "sequential or progressive coding with Huffman codes",
            found: found)
    }
}

/// The quotient, rounded up.
private func quotient(_ dividend: Int, _ divisor: Int) -> Int {
    (dividend + divisor - 1) / divisor
}

import FileSupport

/// Decodes the blocks of a scan, one after another.
protocol JPEGBlockDecoder {
    /// - Parameters:
    ///   - index: which of the scan's components the block is of.
    ///   - row, column: the block's place in the component.
    mutating func decode(
        _ index: Int, row: Int, column: Int, from reader: inout JPEGBitReader
    ) throws(JPEGDamage)

    /// Forgets the blocks before, as each restart interval is coded by itself.
    mutating func restart()
}

/// The header of a scan: which components it codes, and for progressive images what of their
/// blocks.
struct JPEGScan {
    /// A component, its index in the frame, and its tables.
    typealias Part = (component: JPEGComponent, index: Int, averages: Int, others: Int)

    let parts: [Part]
    /// The first and the last coefficient, in the order of coding.
    let band: (first: Int, last: Int)
    /// How many low bits the scan before left out, 0 if there is none, and how many this one does.
    let leftOut: (before: Int, now: Int)

    private let frame: JPEGFrame
    let path: String

    init(_ segment: JPEGSegment, of frame: JPEGFrame) throws(FileError) {
        var segment = segment
        path = segment.path
        self.frame = frame
        let count = try segment.byte()
        guard 1...frame.components.count ~= count else {
            throw FileError(
                path: path, expected: "a scan of 1 to \(frame.components.count) components",
                found: "\(count)")
        }
        var parts: [Part] = []
        for _ in 0..<count {
            let (identifier, tables) = (try segment.byte(), try segment.halves())
            let index = frame.components.indices.first { index in
                frame.components[index].identifier == identifier
                    && !parts.contains { $0.index == index }
            }
            guard let index, tables.high < 4, tables.low < 4 else {
                throw FileError(
                    path: path, expected: "a component of the image with tables 0 to 3",
                    found: "component \(identifier) with tables \(tables.high) and \(tables.low)")
            }
            parts.append((frame.components[index], index, tables.high, tables.low))
        }
        self.parts = parts
        band = (try segment.byte(), try segment.byte())
        let bits = try segment.halves()
        leftOut = (bits.high, bits.low)
        try segment.end()
    }

    /// Has all blocks of the scan decoded. A scan of one component has its blocks row by row; one
    /// of several has units with some blocks of each.
    func decode(
        _ reader: inout JPEGBitReader, restartInterval: Int, by blocks: inout some JPEGBlockDecoder
    ) throws(FileError) {
        let isInterleaved = parts.count > 1
        let units = isInterleaved ? frame.units : parts[0].component.blocks
        let sampling = parts.map { isInterleaved ? $0.component.sampling : (across: 1, down: 1) }
        var untilRestart = restartInterval
        var restarts: UInt8 = 0
        for unitRow in 0..<units.down {
            for unitColumn in 0..<units.across {
                if restartInterval > 0 {
                    if untilRestart == 0 {
                        try restart(&reader, number: restarts)
                        blocks.restart()
                        restarts = (restarts + 1) % 8
                        untilRestart = restartInterval
                    }
                    untilRestart -= 1
                }
                do throws(JPEGDamage) {
                    for (index, (across, down)) in sampling.enumerated() {
                        for place in 0..<across * down {
                            try blocks.decode(
                                index, row: unitRow * down + place / across,
                                column: unitColumn * across + place % across, from: &reader)
                        }
                    }
                } catch {
                    // After the end there are zeros, which may be a code that there is not.
                    if reader.isOverrun { throw truncated(reader) }
                    throw FileError(
                        path: path, expected: "coded image data before byte \(reader.position)",
                        found: error.description)
                }
                if reader.isOverrun { throw truncated(reader) }
            }
        }
    }

    private func restart(
        _ reader: inout JPEGBitReader, number: UInt8
    ) throws(FileError) {
        let expected = JPEGMarker.restarts.lowerBound + number
        var segments = JPEGSegments(reader.input, path: path)
        segments.resume(after: reader)
        let found = try segments.nextMarker()
        guard found == expected else {
            throw FileError(
                path: path,
                expected: "the restart marker \(expected.hexadecimal) at byte "
                    + "\(segments.position - 2)",
                found: found.hexadecimal)
        }
        reader = segments.codedData()
    }

    private func truncated(_ reader: JPEGBitReader) -> FileError {
        FileError(
            path: path, expected: "more coded image data at byte \(reader.position)",
            found: reader.input.count - reader.position < 2 ? "the end of the file" : "a marker")
    }
}

import FileSupport

/// Reads the segments of a JPEG file and makes the image of what they hold.
struct JPEGDecoder {
    private var segments: JPEGSegments
    private let path: String
    private var tables = JPEGTables()
    private var restartInterval = 0
    private var marks = JPEGColour.Marks()
    private var orientation: ExifOrientation?
    private var frame: JPEGFrame?
    private var progress = JPEGProgress(componentCount: 0)
    /// For each component the table that was valid at its first scan, empty before.
    private var quantization: [[UInt16]] = []
    /// Of all components; only of progressive images, whose scans add to them.
    private var coefficients: [Int16] = []
    /// Of all components.
    private var samples: [UInt8] = []

    init(_ segments: JPEGSegments) {
        self.segments = segments
        path = segments.path
    }

    mutating func image() throws(FileError) -> PNG.Image {
        while true {
            let marker = try segments.nextMarker()
            switch marker {
            case JPEGMarker.endOfImage: return try finished()
            case JPEGMarker.startOfScan: try readScan(segments.segment(marker))
            case JPEGMarker.huffmanTables: try tables.readHuffman(segments.segment(marker))
            case JPEGMarker.quantizationTables:
                try tables.readQuantization(segments.segment(marker))
            case JPEGMarker.restartInterval:
                var segment = try segments.segment(marker)
                restartInterval = try segment.word()
                try segment.end()
            case JPEGMarker.frames, JPEGMarker.hierarchicalProgression, JPEGMarker.expansion:
                try begin(JPEGFrame(segments.segment(marker), fileSize: segments.input.count))
            case JPEGMarker.applications:
                let segment = try segments.segment(marker)
                marks.note(segment)
                if orientation == nil { orientation = ExifOrientation(segment) }
            case JPEGMarker.comment, JPEGMarker.numberOfLines: _ = try segments.segment(marker)
            case JPEGMarker.restarts, JPEGMarker.temporary: break
            default:
                throw FileError(
                    path: path,
                    expected: "a marker of a JPEG image at byte "
                        + "\(segments.position - 2)",
                    found: marker.hexadecimal)
            }
        }
    }

    private mutating func begin(_ frame: JPEGFrame) throws(FileError) {
        guard self.frame == nil else {
            throw FileError(path: path, expected: "one frame header", found: "two")
        }
        self.frame = frame
        progress = JPEGProgress(componentCount: frame.components.count)
        quantization = [[UInt16]](repeating: [], count: frame.components.count)
        if frame.isProgressive {
            coefficients = [Int16](repeating: 0, count: 64 * frame.blockCount)
        } else {
            samples = [UInt8](repeating: 0, count: 64 * frame.blockCount)
        }
    }

    private mutating func readScan(_ segment: JPEGSegment) throws(FileError) {
        guard let frame else {
            throw FileError(path: path, expected: "a frame header before a scan", found: "none")
        }
        let scan = try JPEGScan(segment, of: frame)
        if frame.isProgressive { try progress.add(scan) }
        for part in scan.parts {
            if quantization[part.index].isEmpty {
                quantization[part.index] = try tables.quantization(
                    part.component.quantizationTable, path: path)
            } else if !frame.isProgressive {
                throw FileError(
                    path: path, expected: "one scan of component \(part.component.identifier)",
                    found: "two")
            }
        }
        var reader = segments.codedData()
        // Sound: the buffers are only used within the closures.
        if frame.isProgressive {
            try coefficients.withUnsafeMutableBufferPointer { coefficients throws(FileError) in
                var blocks = try JPEGProgressiveBlocks(
                    scan, tables: tables, coefficients: coefficients)
                try scan.decode(&reader, restartInterval: restartInterval, by: &blocks)
            }
        } else {
            var block = [Int16](repeating: 0, count: 64)
            try samples.withUnsafeMutableBufferPointer { samples throws(FileError) in
                try block.withUnsafeMutableBufferPointer { block throws(FileError) in
                    var blocks = try JPEGSequentialBlocks(
                        scan, tables: tables, quantization: quantization, block: block,
                        samples: samples)
                    try scan.decode(&reader, restartInterval: restartInterval, by: &blocks)
                }
            }
        }
        segments.resume(after: reader)
    }

    private mutating func finished() throws(FileError) -> PNG.Image {
        guard let frame else {
            throw FileError(path: path, expected: "an image in the JPEG file", found: "none")
        }
        guard let missing = zip(frame.components, quantization).first(where: { $1.isEmpty }) else {
            if frame.isProgressive {
                samples = JPEGProgressiveBlocks.samples(
                    of: frame, &coefficients, quantization: quantization)
                coefficients = []
            }
            let image = marks.colour(of: frame).image(frame, samples)
            return orientation?.applied(to: image) ?? image
        }
        throw FileError(
            path: path, expected: "a scan of component \(missing.0.identifier)", found: "none")
    }
}

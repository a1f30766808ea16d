import FileSupport

/// The markers of JPEG files (T.81, table B.1) that a reader has to know.
enum JPEGMarker {
    /// The frame headers; four codes among them have another meaning.
    static let frames: ClosedRange<UInt8> = 0xC0...0xCF
    static let huffmanTables: UInt8 = 0xC4
    static let arithmeticConditions: UInt8 = 0xCC
    static let restarts: ClosedRange<UInt8> = 0xD0...0xD7
    static let startOfImage: UInt8 = 0xD8
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    static let quantizationTables: UInt8 = 0xDB
    static let numberOfLines: UInt8 = 0xDC
    static let restartInterval: UInt8 = 0xDD
    static let hierarchicalProgression: UInt8 = 0xDE
    static let expansion: UInt8 = 0xDF
    static let applications: ClosedRange<UInt8> = 0xE0...0xEF
    static let comment: UInt8 = 0xFE
    /// For private use in arithmetic coding; no segment follows.
    static let temporary: UInt8 = 0x01
}

/// Goes through the markers and segments of a JPEG file.
struct JPEGSegments {
    /// The file. It must outlive this value.
    let input: UnsafeBufferPointer<UInt8>
    let path: String
    private(set) var position = 2

    init(_ input: UnsafeBufferPointer<UInt8>, path: String) {
        self.input = input
        self.path = path
    }

    /// Reads the next marker. Bytes before it are passed over, as other readers do: the rest of a
    /// scan, fill bytes, and what some cameras leave between segments.
    mutating func nextMarker() throws(FileError) -> UInt8 {
        while input.count - position >= 2 {
            let (first, second) = (input[position], input[position + 1])
            if first == 0xFF, second != 0, second != 0xFF {
                position += 2
                return second
            }
            position += 1
        }
        throw FileError(
            path: path, expected: "more of a JPEG file, which ends with a marker",
            found: "the end of the file")
    }

    /// Reads the segment of the marker before it.
    mutating func segment(_ marker: UInt8) throws(FileError) -> JPEGSegment {
        let rest = input.count - position
        let length = rest >= 2 ? Int(input[position]) << 8 | Int(input[position + 1]) : 2
        guard length >= 2, length <= rest else {
            throw FileError(
                path: path,
                expected: "a segment of \(length) bytes after the marker "
                    + "\(marker.hexadecimal) at byte \(position - 2)",
                found: length < 2 ? "a length without itself" : "the end after \(rest) bytes")
        }
        defer { position += length }
        return JPEGSegment(
            marker: marker, bytes: Array(input[position + 2..<position + length]), path: path)
    }

    /// A reader of the coded data that begin here.
    func codedData() -> JPEGBitReader { JPEGBitReader(input, from: position) }

    /// Goes on where coded data were read.
    mutating func resume(after reader: JPEGBitReader) { position = reader.position }
}

/// The content of a segment, read from its start.
struct JPEGSegment {
    let marker: UInt8
    let path: String
    private var rest: ArraySlice<UInt8>

    init(marker: UInt8, bytes: [UInt8], path: String) {
        self.marker = marker
        self.path = path
        rest = bytes[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    /// All that was not read yet.
    var remainder: [UInt8] { Array(rest) }

    mutating func byte() throws(FileError) -> Int {
        guard let byte = rest.popFirst() else {
            throw FileError(
                path: path, expected: "a longer segment of the marker \(marker.hexadecimal)",
                found: "its end")
        }
        return Int(byte)
    }

    /// The next byte as two numbers of four bits.
    mutating func halves() throws(FileError) -> (high: Int, low: Int) {
        let byte = try byte()
        return (byte >> 4, byte & 15)
    }

    mutating func word() throws(FileError) -> Int { try byte() << 8 | byte() }

    /// Throws if something of the segment was not read.
    func end() throws(FileError) {
        guard isEmpty else {
            throw FileError(
                path: path, expected: "the end of the segment of the marker \(marker.hexadecimal)",
                found: "\(rest.count) more bytes")
        }
    }
}

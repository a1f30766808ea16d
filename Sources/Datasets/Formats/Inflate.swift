import Autograd
import FileSupport
import Foundation

/// Decompresses DEFLATE streams (RFC 1951) into one growing buffer.
///
/// Memory is allocated as output is produced, never by what the input claims, and at most a little
/// beyond `limit`.
struct Inflater: ~Copyable {
    private let path: String
    private let limit: Int
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes decompressed so far.
    private(set) var count = 0

    /// - Parameters:
    ///   - limit: the greatest number of bytes of output.
    ///   - path: the file named in errors.
    init(limit: Int, path: String) {
        self.limit = limit
        self.path = path
        capacity = 1 << 16
        buffer = .allocate(capacity: capacity)
    }

    deinit { buffer.deallocate() }

    /// A copy of what has been decompressed.
    var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: buffer, count: count)) }

    /// The result of `body` for the bytes decompressed since there were `start` of them. The buffer
    /// must not escape from it.
    func withBytes<Result>(from start: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: buffer + start, count: count - start))
    }

    /// Decompresses one stream, which starts at `position` of the input.
    /// - Returns: the position after it.
    mutating func inflate(
        _ input: UnsafeBufferPointer<UInt8>, from position: Int
    ) throws(FileError) -> Int {
        var reader = BitReader(input, from: position)
        let start = count
        var isLast = false
        while !isLast {
            reader.refill()
            isLast = reader.take(1) == 1
            switch reader.take(2) {
            case 0: try copyStoredBlock(&reader)
            case 1: try decodeBlock(&reader, Self.fixedCode, from: start)
            case 2: try decodeBlock(&reader, readCode(&reader), from: start)
            default: throw corrupt("a block of type 3")
            }
            if reader.isOverrun { throw truncated() }
        }
        return reader.bytePosition
    }

    // MARK: Blocks

    private typealias Code = (literals: HuffmanDecoder, distances: HuffmanDecoder)

    private static let literalBits = 10
    private static let distanceBits = 9

    private static let literalEntries: [HuffmanDecoder.Entry] =
        (0..<256).map { .literal($0) } + [.endOfBlock]
        + DeflateAlphabet.lengths.map { .base($0.base, extraBits: $0.extraBits) }
        + [.invalid, .invalid]
    private static let distanceEntries: [HuffmanDecoder.Entry] =
        DeflateAlphabet.distances.map { .base($0.base, extraBits: $0.extraBits) }
        + [.invalid, .invalid]
    private static let codeLengthEntries: [HuffmanDecoder.Entry] = (0..<19).map { .literal($0) }

    // Sound: the lengths of the standard make complete codes.
    private static let fixedCode: Code = (
        HuffmanDecoder(
            lengths: DeflateAlphabet.fixedLiteralLengths, entries: literalEntries,
            rootBits: literalBits)!,
        HuffmanDecoder(
            lengths: DeflateAlphabet.fixedDistanceLengths, entries: distanceEntries,
            rootBits: distanceBits)!
    )

    private mutating func copyStoredBlock(_ reader: inout BitReader) throws(FileError) {
        if reader.isOverrun { throw truncated() }
        reader.alignToByte()
        reader.refill()
        let length = reader.take(16)
        let complement = reader.take(16)
        if reader.isOverrun { throw truncated() }
        guard length == complement ^ 0xFFFF else {
            throw corrupt("a stored block whose length \(length) disagrees with its check")
        }
        guard let bytes = reader.takeBytes(length) else { throw truncated() }
        try reserve(length)
        if length > 0 { memcpy(buffer + count, bytes.baseAddress!, length) }
        count += length
        if count > limit { throw tooLong() }
    }

    /// Reads the two codes in the header of a block (section 3.2.7).
    private func readCode(_ reader: inout BitReader) throws(FileError) -> Code {
        reader.refill()
        let literalCount = reader.take(5) + 257
        let distanceCount = reader.take(5) + 1
        let codeLengthCount = reader.take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else {
            throw corrupt("a code of \(literalCount) and \(distanceCount) symbols")
        }
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for symbol in DeflateAlphabet.codeLengthOrder.prefix(codeLengthCount) {
            reader.refill()
            codeLengths[symbol] = UInt8(reader.take(3))
        }
        guard
            let decoder = HuffmanDecoder(
                lengths: codeLengths, entries: Self.codeLengthEntries, rootBits: 7)
        else { throw corrupt("an impossible code for code lengths") }

        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            reader.refill()
            let entry = decoder.table[Int(reader.bits & 127)]
            if entry & HuffmanDecoder.Entry.invalidKind != 0 { throw corrupt("an unused code") }
            _ = reader.take(Int(entry & 0xFF))
            let symbol = Int(entry >> 16)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw corrupt("a repetition of nothing") }
                lengths.append(repeating: last, count: 3 + reader.take(2))
            case 17: lengths.append(repeating: 0, count: 3 + reader.take(3))
            case 18: lengths.append(repeating: 0, count: 11 + reader.take(7))
            default: lengths.append(UInt8(symbol))
            }
            if reader.isOverrun { throw truncated() }
        }
        guard
            lengths.count == literalCount + distanceCount,
            lengths[DeflateAlphabet.endOfBlock] > 0,
            let literals = HuffmanDecoder(
                lengths: lengths[..<literalCount], entries: Self.literalEntries,
                rootBits: Self.literalBits),
            let distances = HuffmanDecoder(
                lengths: lengths[literalCount...], entries: Self.distanceEntries,
                rootBits: Self.distanceBits)
        else { throw corrupt("an impossible code") }
        return (literals, distances)
    }

    /// Decodes literals and matches up to the end of the block. Matches must not reach back before
    /// `start`, where the stream began.
    private mutating func decodeBlock(
        _ reader: inout BitReader, _ code: Code, from start: Int
    ) throws(FileError) {
        typealias Entry = HuffmanDecoder.Entry
        // Sound: an index into a table is masked to its root's width, or is one
        // of a second table's within the width its link gives; `reserve` has made
        // room for the longest match before each symbol; a match's source lies
        // within what is written by the check of its distance.
        try code.literals.table.withUnsafeBufferPointer { literals throws(FileError) in
            try code.distances.table.withUnsafeBufferPointer { distances throws(FileError) in
                let literalTable = literals.baseAddress!
                let distanceTable = distances.baseAddress!
                let literalMask = (1 as UInt64) << UInt64(code.literals.rootBits) &- 1
                let distanceMask = (1 as UInt64) << UInt64(code.distances.rootBits) &- 1
                var input = reader
                var position = count
                while true {
                    if capacity &- position < DeflateAlphabet.longestMatch {
                        count = position
                        try reserve(DeflateAlphabet.longestMatch)
                    }
                    input.refill()
                    var entry = literalTable[Int(bitPattern: UInt(input.bits & literalMask))]
                    if entry & Entry.linkKind != 0 { entry = input.follow(entry, literalTable) }
                    input.drop(entry & 0xFF)
                    // Past the end there are zeros, which decode to something: stop there.
                    if input.isOverrun { throw truncated() }
                    if entry & Entry.literalKind != 0 {
                        buffer[position] = UInt8(truncatingIfNeeded: entry &>> 16)
                        position &+= 1
                        continue
                    }
                    if entry & (Entry.endKind | Entry.invalidKind) != 0 {
                        if entry & Entry.invalidKind != 0 { throw corrupt("an unused code") }
                        break
                    }
                    let length = input.value(of: entry)
                    var distanceEntry = distanceTable[
                        Int(bitPattern: UInt(input.bits & distanceMask))]
                    if distanceEntry & Entry.linkKind != 0 {
                        distanceEntry = input.follow(distanceEntry, distanceTable)
                    }
                    if distanceEntry & Entry.invalidKind != 0 { throw corrupt("an unused code") }
                    input.drop(distanceEntry & 0xFF)
                    let distance = input.value(of: distanceEntry)
                    if distance > position &- start {
                        throw corrupt("a match \(distance) bytes back at byte \(position - start)")
                    }
                    copyMatch(at: buffer + position, distance: distance, length: length)
                    position &+= length
                }
                count = position
                reader = input
            }
        }
        if count > limit { throw tooLong() }
    }

    // MARK: Output and errors

    private mutating func reserve(_ additional: Int) throws(FileError) {
        if count > limit { throw tooLong() }
        guard capacity - count < additional else { return }
        let wanted = max(count + additional, min(2 * capacity, limit + 1024))
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        memcpy(larger, buffer, count)
        buffer.deallocate()
        buffer = larger
        capacity = wanted
    }

    private func corrupt(_ found: String) -> FileError {
        FileError(path: path, expected: "compressed data", found: found)
    }
    private func truncated() -> FileError {
        FileError(path: path, expected: "more compressed data", found: "the end")
    }
    private func tooLong() -> FileError {
        FileError(path: path, expected: "at most \(limit) decompressed bytes", found: "more")
    }
}

/// Repeats the `length` bytes that are `distance` bytes back; the two ranges may overlap.
@inline(__always)
private func copyMatch(at target: UnsafeMutablePointer<UInt8>, distance: Int, length: Int) {
    let source = target - distance
    if distance >= length {
        memcpy(target, source, length)
    } else if distance == 1 {
        memset(target, Int32(source[0]), length)
    } else {
        var index = 0
        while index < length {
            target[index] = source[index]
            index &+= 1
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(repeating value: UInt8, count: Int) {
        append(contentsOf: repeatElement(value, count: count))
    }
}

import Autograd
import FileSupport
import Foundation

/// libFuzzer's own loop; it calls the function with one input after another.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// A reader either throws its error or returns; anything else is a crash. The first
/// byte chooses which reader gets the others.
func readAny(_ input: UnsafeBufferPointer<UInt8>) {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    let (path, limit) = ("input", 1 << 22)
    switch choice % 16 {
    case 0:
        var inflater = Inflater(limit: limit, path: path)
        _ = try? bytes.withUnsafeBufferPointer { buffer throws(FileError) in
            try inflater.inflate(buffer, from: 0)
        }
    case 1: _ = try? Gzip.decompress(bytes, path: path, limit: limit)
    case 2: _ = try? Zlib.decompress(bytes, path: path, limit: limit)
    case 3:
        guard (try? Zlib.decompress(Zlib.compress(bytes), path: path)) == bytes else {
            fatalError("compression changes \(bytes.count) bytes")
        }
    case 4: _ = try? IDX.decode(bytes, path: path)
    case 5: _ = try? NPY.decode(bytes, path: path)
    case 6: readImage(bytes, path: path)
    case 7: readTable(bytes, .commas, path: path)
    case 8: readTable(bytes, .tabulators, path: path)
    case 9: readTable(bytes, nil, path: path)
    case 10: _ = try? NPZ.decode(bytes, array: nil, limit: limit, path: path)
    case 11: readCells(bytes)
    case 12: _ = try? UTF16Text.decoded(bytes, path: path)
    case 13: _ = try? ImageFile.decode(bytes, path: path)
    case 14: readPhotograph(bytes, path: path)
    default:
        _ = try? CSV.decodeNumbers(bytes, .commas, hasHeader: true, missing: [""], path: path)
    }
}

/// Checksums would stop nearly every input; so chunks are given without theirs, as
/// lengths of one byte, types of four, and contents.
func readImage(_ bytes: [UInt8], path: String) {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    var rest = bytes[...]
    while let length = rest.popFirst() {
        let isPixels = rest.starts(with: Array("IDAT".utf8))
        var checked = Array(rest.prefix(4))
        let content = Array(rest.dropFirst(4).prefix(Int(length)))
        checked += isPixels ? Zlib.compress(content) : content
        rest = rest.dropFirst(4 + Int(length))
        guard checked.count >= 4 else { break }
        file += UInt32(checked.count - 4).bigEndianBytes + checked
        file += Checksum.crc32(checked).bigEndianBytes
    }
    guard let image = try? PNG.decode(file, path: path) else { return }
    guard (try? PNG.decode(PNG.encode(image), path: path)) == image else {
        fatalError("writing changes an image of \(image.width) × \(image.height)")
    }
}

/// Tables that go with each other are hardly found by chance; so they are given. The input is the
/// frame header, of a few bytes, and scans: which components, the three bytes that say what of the
/// blocks, the length of the coded data and these.
func readPhotograph(_ bytes: [UInt8], path: String) {
    func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + UInt16(content.count + 2).bigEndianBytes + content
    }
    var rest = bytes[...]
    func next() -> UInt8 { rest.popFirst() ?? 0 }
    var file: [UInt8] = [0xFF, 0xD8] + segment(0xDB, [0] + Array(1...64))
    // All symbols there can be, in codes of 4 bits, and of 8 or 9.
    file += segment(0xC4, [0x00, 0, 0, 0, 16] + [UInt8](repeating: 0, count: 12) + Array(0..<16))
    file += segment(
        0xC4,
        [0x10, 0, 0, 0, 0, 0, 0, 0, 255, 1] + [UInt8](repeating: 0, count: 7) + Array(0...255))
    let kind = next()
    let components: ClosedRange<UInt8> = kind & 1 == 0 ? 1...1 : 1...3
    file += segment(0xDD, [0, kind >> 4])
    var frame: [UInt8] = [8, 0, next(), 0, next(), UInt8(components.count)]
    for component in components { frame += [component, next(), 0] }
    file += segment(kind & 2 == 0 ? 0xC0 : 0xC2, frame)
    while !rest.isEmpty {
        let chosen = next()
        var header: [UInt8] = [UInt8(components.count { chosen >> $0 & 1 == 1 })]
        for component in components where chosen >> component & 1 == 1 { header += [component, 0] }
        file += segment(0xDA, header + [next(), next(), next()])
        let length = Int(next())
        file += rest.prefix(length)
        rest = rest.dropFirst(length)
    }
    _ = try? JPEG.decode(file + [0xFF, 0xD9], path: path)
}

/// - Parameter dialect: nil where it is to be found.
func readTable(_ bytes: [UInt8], _ dialect: CSV.Dialect?, path: String) {
    let decoded =
        if let dialect {
            try? CSV.decode(bytes, dialect, hasHeader: true, path: path)
        } else {
            try? CSV.Table(decoding: bytes, dialect: nil, path: path)
        }
    guard let table = decoded, let written = try? CSV.encode(table, table.dialect, path: path),
        let hasHeader = table.reading?.hasHeader
    else { return }
    let again = try? CSV.decode(written, table.dialect, hasHeader: hasHeader, path: path)
    guard again?.rows == table.rows, !hasHeader || again == table else {
        fatalError("writing changes a table of \(table.rows.count) rows")
    }
    _ = table.numberStyles { $0.isEmpty }
}

/// What is a number or a date is so again when it was written.
func readCells(_ bytes: [UInt8]) {
    let cells = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let style = NumberEvidence(cells).style(otherwise: .point)
    for number in cells.compactMap(style.number) {
        guard style.number(style.text(number, decimals: 17)) != nil else {
            fatalError("\(number) is written as no number")
        }
    }
    guard let format = DateFormat.of(cells)?.format else { return }
    for day in cells.compactMap(format.days) {
        guard format.days(format.text(day)) != nil else {
            fatalError("\(day) is written as no date")
        }
    }
}

var argumentCount = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(
    runDriver(&argumentCount, &arguments) { bytes, count in
        readAny(UnsafeBufferPointer(start: bytes, count: count))
        return 0
    })

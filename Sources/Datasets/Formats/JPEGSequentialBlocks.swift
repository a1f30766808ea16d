import FileSupport

/// Decodes whole blocks, as sequential scans have them, to samples.
struct JPEGSequentialBlocks: JPEGBlockDecoder {
    /// A component, and where its tables start among those of the scan.
    private typealias Part = (
        component: JPEGComponent, averages: Int, others: Int, quantization: Int
    )

    private let parts: [Part]
    private var codes: [UInt16] = []
    private var quantization: [UInt16] = []
    private let order = ZigZag.order
    /// The coefficients of one block.
    private let block: UnsafeMutableBufferPointer<Int16>
    /// The samples of all components.
    private let samples: UnsafeMutableBufferPointer<UInt8>
    /// The average of the last block of each component, of which the next codes the change.
    private var averages: SIMD4<Int> = .zero

    /// The memory must outlive the decoder.
    ///
    /// - Parameters:
    ///   - quantization: the tables of all components.
    ///   - block: room for 64 coefficients.
    ///   - samples: room for the samples of all components.
    init(
        _ scan: JPEGScan, tables: JPEGTables, quantization: [[UInt16]],
        block: UnsafeMutableBufferPointer<Int16>, samples: UnsafeMutableBufferPointer<UInt8>
    ) throws(FileError) {
        (self.block, self.samples) = (block, samples)
        var parts: [Part] = []
        for part in scan.parts {
            let averages = try tables.huffman(.average, part.averages, path: scan.path)
            let others = try tables.huffman(.others, part.others, path: scan.path)
            parts.append(
                (
                    part.component, codes.count, codes.count + averages.entries.count,
                    self.quantization.count
                ))
            codes += averages.entries + others.entries
            self.quantization += quantization[part.index]
        }
        self.parts = parts
    }

    mutating func restart() { averages = .zero }

    @inline(__always)
    mutating func decode(
        _ index: Int, row: Int, column: Int, from reader: inout JPEGBitReader
    ) throws(JPEGDamage) {
        let part = parts[index]
        var input = reader
        defer { reader = input }
        block.update(repeating: 0)

        input.refill()
        averages[index] &+= input.takeSigned(try input.symbol(codes, from: part.averages))
        block[0] = Int16(
            truncatingIfNeeded: averages[index] &* Int(quantization[part.quantization]))
        var place = 1
        while place < 64 {
            input.refill()
            let symbol = try input.symbol(codes, from: part.others)
            let (run, bits) = (symbol &>> 4, symbol & 15)
            place &+= run
            if bits == 0 {
                if run < 15 { break }
                place &+= 1
                continue
            }
            guard place < 64 else { throw .tooManyCoefficients }
            block[Int(order[place])] = Int16(
                truncatingIfNeeded: input.takeSigned(bits)
                    &* Int(quantization[part.quantization &+ place]))
            place &+= 1
        }
        // Sound: the scan has blocks only where the component has memory for them.
        InverseCosineTransform.apply(
            UnsafeBufferPointer(block), to: samples,
            at: part.component.sample(row: 8 * row, column: 8 * column),
            stride: part.component.stride)
    }
}

import FileSupport

/// Decodes what the scans of a progressive image have of the blocks (T.81, annex G): for some of
/// the coefficients all but the lowest bits, or one bit more.
struct JPEGProgressiveBlocks: JPEGBlockDecoder {
    private let parts: [(component: JPEGComponent, codes: Int)]
    private var codes: [UInt16] = []
    private let order = ZigZag.order
    private let band: (first: Int, last: Int)
    private let shift: Int
    private let isRefinement: Bool
    /// The coefficients of all components.
    private let coefficients: UnsafeMutableBufferPointer<Int16>
    private var averages: SIMD4<Int> = .zero
    /// How many more blocks have nothing new in the band.
    private var emptyBlocks = 0

    /// - Parameter coefficients: room for the coefficients of all components; it must outlive the
    ///   decoder.
    init(
        _ scan: JPEGScan, tables: JPEGTables, coefficients: UnsafeMutableBufferPointer<Int16>
    ) throws(FileError) {
        (band, shift) = (scan.band, scan.leftOut.now)
        isRefinement = scan.leftOut.before > 0
        self.coefficients = coefficients
        var parts: [(component: JPEGComponent, codes: Int)] = []
        for part in scan.parts {
            parts.append((part.component, codes.count))
            if band.first > 0 {
                codes += try tables.huffman(.others, part.others, path: scan.path).entries
            } else if !isRefinement {
                codes += try tables.huffman(.average, part.averages, path: scan.path).entries
            }
        }
        self.parts = parts
    }

    mutating func restart() { (averages, emptyBlocks) = (.zero, 0) }

    mutating func decode(
        _ index: Int, row: Int, column: Int, from reader: inout JPEGBitReader
    ) throws(JPEGDamage) {
        let (component, codes) = parts[index]
        let start = 64 * component.block(row: row, column: column)
        // Sound: the scan has blocks only where the component has memory for them.
        let block = UnsafeMutableBufferPointer(rebasing: coefficients[start..<start + 64])
        switch (band.first == 0, isRefinement) {
        case (true, false):
            reader.refill()
            let bits = try reader.symbol(self.codes, from: codes)
            averages[index] &+= reader.takeSigned(bits)
            block[0] = Int16(truncatingIfNeeded: averages[index] &<< shift)
        case (true, true):
            reader.refill()
            block[0] |= Int16(truncatingIfNeeded: reader.take(1) &<< shift)
        case (false, false): try begin(block, codes, &reader)
        case (false, true): try refine(block, codes, &reader)
        }
    }

    /// Reads the coefficients of the band for the first time.
    private mutating func begin(
        _ block: UnsafeMutableBufferPointer<Int16>, _ codes: Int, _ reader: inout JPEGBitReader
    ) throws(JPEGDamage) {
        if emptyBlocks > 0 {
            emptyBlocks -= 1
            return
        }
        var place = band.first
        while place <= band.last {
            reader.refill()
            let symbol = try reader.symbol(self.codes, from: codes)
            let (run, bits) = (symbol >> 4, symbol & 15)
            if bits == 0, run < 15 {
                emptyBlocks = 1 << run + reader.take(run) - 1
                return
            }
            place += run
            if bits > 0 {
                guard place <= band.last else { throw .tooManyCoefficients }
                block[Int(order[place])] = Int16(
                    truncatingIfNeeded: reader.takeSigned(bits) &<< shift)
            }
            place += 1
        }
    }

    /// Reads one more bit of the coefficients that are not zero, and which others begin with it.
    private mutating func refine(
        _ block: UnsafeMutableBufferPointer<Int16>, _ codes: Int, _ reader: inout JPEGBitReader
    ) throws(JPEGDamage) {
        var place = band.first
        while emptyBlocks == 0, place <= band.last {
            reader.refill()
            let symbol = try reader.symbol(self.codes, from: codes)
            let (run, bits) = (symbol >> 4, symbol & 15)
            if bits == 0, run < 15 {
                // The rest of this block is the first that has nothing new.
                emptyBlocks = 1 << run + reader.take(run)
                break
            }
            guard bits <= 1 else { throw .impossibleRefinement }
            let isNew = bits == 1
            let isPositive = isNew && reader.take(1) == 1
            place = passOver(zeros: run, of: block, from: place, &reader)
            if isNew {
                guard place <= band.last else { throw .tooManyCoefficients }
                block[Int(order[place])] = (isPositive ? 1 : -1) << Int16(shift)
            }
            place += 1
        }
        if emptyBlocks > 0 {
            _ = passOver(zeros: 64, of: block, from: place, &reader)
            emptyBlocks -= 1
        }
    }

    /// Refines the coefficients that are not zero up to the zero after so many others.
    /// - Returns: the place of that zero, or the one after the band.
    private func passOver(
        zeros: Int, of block: UnsafeMutableBufferPointer<Int16>, from start: Int,
        _ reader: inout JPEGBitReader
    ) -> Int {
        var zeros = zeros
        for place in start..<max(start, band.last + 1) {
            let value = block[Int(order[place])]
            if value == 0 {
                if zeros == 0 { return place }
                zeros -= 1
            } else {
                reader.refill()
                let bit = Int16(truncatingIfNeeded: reader.take(1) << shift)
                // Away from zero; damaged data may have the bit set before.
                if value.magnitude & bit.magnitude == 0 {
                    block[Int(order[place])] = value > 0 ? value &+ bit : value &- bit
                }
            }
        }
        return max(start, band.last + 1)
    }

    /// The samples of all components, once no scan follows.
    static func samples(
        of frame: JPEGFrame, _ coefficients: inout [Int16], quantization: [[UInt16]]
    ) -> [UInt8] {
        let order = ZigZag.order
        var samples = [UInt8](repeating: 0, count: coefficients.count)
        // Sound: the buffers are only used within the closures, and have all blocks of the
        // components.
        coefficients.withUnsafeMutableBufferPointer { coefficients in
            samples.withUnsafeMutableBufferPointer { samples in
                for (component, factors) in zip(frame.components, quantization) {
                    for row in 0..<component.blocks.down {
                        for column in 0..<component.blocks.across {
                            let start = 64 * component.block(row: row, column: column)
                            for (place, factor) in zip(order, factors) {
                                coefficients[start + Int(place)] &*= Int16(bitPattern: factor)
                            }
                            InverseCosineTransform.apply(
                                UnsafeBufferPointer(
                                    rebasing: coefficients[start..<start + 64]),
                                to: samples, at: component.sample(row: 8 * row, column: 8 * column),
                                stride: component.stride)
                        }
                    }
                }
            }
        }
        return samples
    }
}

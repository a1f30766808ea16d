import Foundation

/// What the machine can do at most: the limits beside which figures stand.
final class Machine {
    let threads: Int
    /// Fused multiply-adds in 32 bits, as 10⁹ operations a second, of all threads together.
    let peak: Double
    private var bandwidths: [Int: Double] = [:]

    init(threads: Int) {
        self.threads = threads
        peak = multiplyAddPeak(threads: threads) / 1e9
    }

    /// Bytes a second that `a = b + s c` reads and writes over arrays of so many bytes together.
    func bandwidth(over bytes: Int) -> Double {
        // A power of two, so that few sizes are measured.
        let exponent = min(max(16, Int.bitWidth - max(1, bytes - 1).leadingZeroBitCount), 29)
        if let known = bandwidths[exponent] { return known }
        let bandwidth = triadBandwidth(bytes: 1 << exponent, threads: threads)
        bandwidths[exponent] = bandwidth
        return bandwidth
    }

    /// The seconds that so many operations at peak, and then so many bytes at the bandwidth of
    /// the cache or memory that holds them, take.
    func floor(operations: Int, bytes: Int) -> Double {
        Double(operations) / (1e9 * peak) + Double(bytes) / bandwidth(over: bytes)
    }

    var summary: String {
        "\(threads) thread\(threads == 1 ? "" : "s"), peak "
            + String(format: "%.1f GFLOP/s", peak)
    }

    /// Prints peak and bandwidths for one thread and for as many as given.
    static func report(threads: Int, asJSON: Bool) {
        for count in threads == 1 ? [1] : [1, threads] {
            let machine = Machine(threads: count)
            if !asJSON { printLine(machine.summary) }
            var members: [(String, JSON)] = [
                ("threads", .number(Double(count))),
                ("peak_gflops", .number(machine.peak, decimals: 1)),
            ]
            for exponent in stride(from: 16, through: 29, by: 1) {
                let bandwidth = machine.bandwidth(over: 1 << exponent) / 1e9
                members.append(("triad_\(1 << exponent)", .number(bandwidth, decimals: 1)))
                let size = "\(1 << (exponent - 10))".leading(9)
                if !asJSON {
                    printLine("  triad over \(size) KiB" + String(format: "%9.1f GB/s", bandwidth))
                }
            }
            if asJSON { JSON.print(members) }
        }
    }
}

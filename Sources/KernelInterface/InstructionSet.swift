#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The instruction sets that have kernels, the widest last.
public enum InstructionSet: String, Sendable, CaseIterable {
    /// The baseline of the architecture, which every processor supports.
    case portable
    case avx2
    case avx512

    /// The instruction sets that the processor supports and whose registers the operating system
    /// saves, as reported by the operating system: `portable` always, and the widest last.
    public static let supported: [InstructionSet] = {
        let features = processorFeatures()
        return allCases.filter { $0.features.isSubset(of: features) }
    }()

    /// The processor features that the kernels of this set are compiled for, by their Linux names.
    private var features: Set<String> {
        let avx2: Set = ["avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "popcnt"]
        return switch self {
        case .portable: []
        case .avx2: avx2
        case .avx512:
            avx2.union(["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"])
        }
    }
}

#if arch(x86_64) && os(Linux)
    /// The flags of the first processor in /proc/cpuinfo, which omits features with registers that
    /// the operating system kernel does not save.
    private func processorFeatures() -> Set<String> {
        guard let file = fopen("/proc/cpuinfo", "r") else { return [] }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0 {
            guard let line, strncmp(line, "flags", 5) == 0 else { continue }
            return Set(String(cString: line).split(whereSeparator: \.isWhitespace).map(String.init))
        }
        return []
    }
#elseif arch(x86_64) && canImport(Darwin)
    /// The features that `sysctl` reports under hw.optional, by their Linux names.
    private func processorFeatures() -> Set<String> {
        let names = [
            "avx2": "avx2_0", "fma": "fma", "f16c": "f16c", "bmi1": "bmi1", "bmi2": "bmi2",
            // Every processor with AVX2 has instructions to count bits and leading zeros.
            "abm": "avx2_0", "popcnt": "avx2_0",
            "avx512f": "avx512f", "avx512dq": "avx512dq", "avx512bw": "avx512bw",
            "avx512vl": "avx512vl", "avx512cd": "avx512cd",
        ]
        return Set(
            names.filter { _, name in
                var value: Int32 = 0
                var size = MemoryLayout.size(ofValue: value)
                return sysctlbyname("hw.optional.\(name)", &value, &size, nil, 0) == 0
                    && value != 0
            }.keys)
    }
#else
    private func processorFeatures() -> Set<String> { [] }
#endif

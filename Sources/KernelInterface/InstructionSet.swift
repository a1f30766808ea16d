import Foundation

/// An instruction set the kernels are compiled for, narrowest first.
public enum InstructionSet: String, CaseIterable, Sendable {
    case portable
    case avx2
    case avx512

    /// Those this processor and its operating system support.
    public static let supported: [InstructionSet] = {
        #if arch(x86_64)
            let features = processorFeatures()
            return allCases.filter { $0.required.isSubset(of: features) }
        #else
            return [.portable]
        #endif
    }()

    /// Features by the names the Linux kernel gives them.
    private var required: Set<String> {
        let avx2: Set = ["avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "popcnt"]
        switch self {
        case .portable: return []
        case .avx2: return avx2
        case .avx512:
            return avx2.union(["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"])
        }
    }
}

#if os(Linux)
    /// The first processor's flags. The kernel lists a feature only if it saves its registers.
    private func processorFeatures() -> Set<String> {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return [] }
        return Set(line.split(whereSeparator: \.isWhitespace).map(String.init))
    }
#elseif canImport(Darwin)
    import Darwin

    /// The features of an Intel Mac, as the system reports them.
    private func processorFeatures() -> Set<String> {
        let names = [
            "avx2": "avx2_0", "fma": "fma", "f16c": "f16c", "bmi1": "bmi1", "bmi2": "bmi2",
            "avx512f": "avx512f", "avx512dq": "avx512dq", "avx512bw": "avx512bw",
            "avx512vl": "avx512vl", "avx512cd": "avx512cd",
        ]
        // Every Intel Mac with AVX2 counts bits in one instruction.
        var features: Set = ["abm", "popcnt"]
        for (feature, name) in names {
            var value: Int32 = 0
            var size = MemoryLayout<Int32>.size
            if sysctlbyname("hw.optional.\(name)", &value, &size, nil, 0) == 0, value != 0 {
                features.insert(feature)
            }
        }
        return features
    }
#else
    private func processorFeatures() -> Set<String> { [] }
#endif

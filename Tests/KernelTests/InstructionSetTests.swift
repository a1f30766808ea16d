import KernelInterface
import Testing

@Suite("Instruction sets")
struct InstructionSetTests {
    @Test("the portable one comes first, the others in order")
    func order() {
        let supported = InstructionSet.supported
        #expect(supported.first == .portable)
        #expect(supported == InstructionSet.allCases.filter(supported.contains))
        if supported.contains(.avx512) { #expect(supported.contains(.avx2)) }
    }

    @Test("each has its set's name", arguments: TestedKernels.supported)
    func names(set: TestedKernels) {
        #expect(InstructionSet(rawValue: set.name) != nil)
        #expect(
            TestedKernels.supported.map(\.name) == InstructionSet.supported.map(\.rawValue))
    }
}

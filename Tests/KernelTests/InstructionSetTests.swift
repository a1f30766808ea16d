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

    @Test("each table has its set's name", arguments: KernelSet.supported)
    func names(set: KernelSet) {
        #expect(InstructionSet(rawValue: set.table.name) != nil)
        #expect(KernelSet.supported.map(\.table.name) == InstructionSet.supported.map(\.rawValue))
    }
}

import Testing

@Suite struct SoundnessTests {
    @Test func noSourceEndsTheProgramWithoutAReason() throws {
        let modules = try SoundnessScan.modules()
        #expect(modules.contains("Models") && !modules.contains("KernelsAVX2"))
        for module in modules {
            let findings = try SoundnessScan(module: module).findings
            #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
        }
    }

    @Test(arguments: [
        "let x = try! read()", "let x = y as! Int", "return values.first!",
        "use(table[key]!.count)",
        "let n = Int(x.rounded())", "let n = UInt8(255.0 * x)", "let n = Int(Double(a) * b)",
        "let n = Int32(sqrt(x))", "var tensor: Tensor!",
    ])
    func isFound(_ code: String) {
        #expect(SoundnessScan(source: code).findings == ["source:1: \(code)"])
        #expect(SoundnessScan(source: "// Sound: it is known.\n\(code)").findings.isEmpty)
        #expect(SoundnessScan(source: "\(code)  // Sound: it is known.").findings.isEmpty)
        #expect(SoundnessScan(source: "// Sound: it is known.\n\n\(code)").findings.count == 1)
    }

    @Test(arguments: [
        "if !isEmpty, a != b, a !== b { }", "let mask = x .!= y", "// try! is not code",
        "let text = \"no, stop!\"", "let n = Int(exactly: x.rounded())",
        "let n = Int(bytes[0]) + Int($1.1)",
        "let p = buffer.baseAddress! + 1", "\"\"\"\nwhat!\n\"\"\"", "let x = try? read()",
    ])
    func isNotFound(_ code: String) {
        #expect(SoundnessScan(source: code).findings.isEmpty)
    }
}

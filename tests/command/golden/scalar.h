/* ["--target=windows-x64", "-tlong"] */
